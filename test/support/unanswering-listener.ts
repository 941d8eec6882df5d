import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const LISTEN = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
  console.log(this.address().port);
})`;

/** See `startUnansweringListener`. */
export interface UnansweringListener {
  readonly url: string;
  stop(): void;
}

/** A listener whose backlog is full and whose process is stopped: connections to it are never established. */
export async function startUnansweringListener(): Promise<UnansweringListener> {
  const listener = spawn(process.execPath, ['-e', LISTEN], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await once(listener.stdout, 'data');
  const port = Number(output);
  listener.kill('SIGSTOP');
  const sockets: Socket[] = [];
  while (await connects(port, sockets));
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      for (const socket of sockets) socket.destroy();
      listener.kill('SIGKILL');
    },
  };
}

function connects(port: number, sockets: Socket[]): Promise<boolean> {
  const socket = connect(port, '127.0.0.1').on('error', () => socket.destroy());
  sockets.push(socket);
  return new Promise((resolve) => {
    // After a late timer, a connection that stood in time is still to be heard of.
    const full = setTimeout(() => setImmediate(resolve, false), 100);
    socket.once('connect', () => {
      clearTimeout(full);
      resolve(true);
    });
  });
}
