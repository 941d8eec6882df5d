import { run } from '../lib/cli/run.ts';
import { systemClock } from '../lib/local/clock.ts';

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  clock: systemClock,
  exitCode: 0,
});
