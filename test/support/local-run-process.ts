import { systemClock } from '../../lib/clock.ts';
import { startLocalRun } from '../../lib/local/local-run.ts';

/** A local run in a process of its own, to be killed: of what the first argument has synthesized. It prints its address. */
const [stack = '', stateDirectory = ''] = process.argv.slice(2);
const run = await startLocalRun({
  stateDirectory,
  synthesize: async () => JSON.parse(stack),
  port: 0,
  environment: process.env,
  schedules: true,
  clock: systemClock,
  log: () => {},
  notice: () => {},
});
process.stdout.write(`${run.url}\n`);
