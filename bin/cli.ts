import { processIo } from '../lib/cli/io.ts';
import { run } from '../lib/cli/run.ts';

// A reader that stops early, as `head` does, is no failure; the command goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const io = processIo();

// Node itself would print what the error quotes as it is, with the text that could not be read as one of its fields.
process.on('uncaughtException', (error) => {
  io.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});

process.exitCode = await run(process.argv.slice(2), io);
