import { run } from '../lib/cli/run.ts';
import { visibleOutput } from '../lib/cli/visible-text.ts';
import { systemClock } from '../lib/clock.ts';

// A reader that stops early, as `head` does, is no failure; the command goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const stderr = visibleOutput(process.stderr);

// Node itself would print what the error quotes as it is, with the text that could not be read as one of its fields.
process.on('uncaughtException', (error) => {
  stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: visibleOutput(process.stdout),
  stderr,
  progress: process.stderr,
  environment: process.env,
  clock: systemClock,
  exitCode: 0,
});
