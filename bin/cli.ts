import { run } from '../lib/cli/run.ts';
import { systemClock } from '../lib/clock.ts';

// A reader that has seen enough, as `head` has, is no failure; what the command does goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  clock: systemClock,
  exitCode: 0,
});
