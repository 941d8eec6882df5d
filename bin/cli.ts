import { EXIT, processIo } from '../lib/cli/io.ts';
import { run } from '../lib/cli/run.ts';

const io = processIo();

// A reader that stops early, as `head` does, is no failure; the command goes on.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return;
  io.stderr.write(`The output cannot be written: ${message}\n`);
  process.exit(EXIT.lostSight);
});

// Node itself would print what the error quotes as it is, with the text that could not be read as one of its fields.
process.on('uncaughtException', (error) => {
  io.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});

process.exitCode = await run(process.argv.slice(2), io);
