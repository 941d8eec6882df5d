import { runAction } from '../lib/action/run-action.ts';
import { visibleOutput } from '../lib/cli/visible-text.ts';
import { systemClock } from '../lib/clock.ts';

process.exitCode = await runAction({
  stdin: process.stdin,
  stdout: visibleOutput(process.stdout),
  stderr: visibleOutput(process.stderr),
  progress: process.stderr,
  environment: process.env,
  clock: systemClock,
  exitCode: 0,
});
