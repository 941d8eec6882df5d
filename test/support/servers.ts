import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';

const closers: (() => void)[] = [];

/** Closes every server and connection of these; also in the middle of a test. */
export function closeAll(): void {
  for (const close of closers.splice(0)) close();
}

/** Has this done with the next `closeAll`. */
export function onClose(close: () => void): void {
  closers.push(close);
}

/** A web server whose answers have no date; resolves to its address. */
export async function serve(listener: RequestListener): Promise<string> {
  const dateless: RequestListener = (request, response) => {
    response.sendDate = false;
    return listener(request, response);
  };
  const server = createServer(dateless).listen(0, '127.0.0.1');
  onClose(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${portOf(server.address())}`;
}

/** A server of bare connections; resolves to its port. */
export async function serveTcp(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy());
    onClose(() => socket.destroy());
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  onClose(() => server.close());
  await once(server, 'listening');
  return portOf(server.address());
}

/** The port of a server that listens on TCP. */
function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('not a TCP address');
  return address.port;
}

/** Waits until a server listens; it is closed with the others. */
export async function portWhenListening(server: Server): Promise<number> {
  onClose(() => server.close());
  await once(server, 'listening');
  return portOf(server.address());
}
