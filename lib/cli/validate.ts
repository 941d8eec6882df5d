import { Command } from '@commander-js/extra-typings';
import { loadTriggers } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';
import type { TriggersFile } from '../config/schema.ts';
import { count } from '../count.ts';
import { apiChecks, report } from './checks.ts';
import { EXIT } from './io.ts';
import { answerDone, type Session } from './program.ts';
import { findFileSetup } from './setup.ts';

const EXAMPLES = `
Examples:
  rtt validate
  rtt validate --triggers triggers.staging.yaml
  rtt validate --online

Exit codes: 0 valid, 1 the API does not accept it (--online), 2 not valid
`;

/**
 * Reads the file alone; with `--online` also what `rtt doctor` reads. `--json` prints `{ ok, problems }`, also for a
 * file that is not valid, or with `--online` an array of `Check`.
 */
export function command(session: Session) {
  const { io, options } = session;
  return new Command('validate')
    .description('Reports everything that is wrong in the triggers file, each with its place.')
    .option('--online', 'look up run tests and scenarios, as rtt doctor does')
    .addHelpText('after', EXAMPLES)
    .action(async ({ online }) => {
      const { triggers: file, json } = options();
      const loaded = loadTriggers(file, io.clock.now());
      const problems = loaded.ok ? loaded.warnings : loaded.problems;
      io.exitCode = loaded.ok ? EXIT.ok : EXIT.badInput;
      if (online && loaded.ok)
        return report(await apiChecks(await findFileSetup(session)), session);
      if (!json) io.stderr.write(formatProblems(problems));
      if (!loaded.ok && !json) return;
      const summary = loaded.ok ? contents(loaded.config) : '';
      answerDone(session, { ok: loaded.ok, problems }, `${file} is valid: ${summary}`);
    });
}

function contents({ triggers }: TriggersFile): string {
  const entries = Object.values(triggers);
  const schedules = entries.flatMap((entry) => entry.schedules);
  const events = entries.flatMap((entry) => entry.events ?? []);
  const webhooks = entries.filter(({ webhook }) => webhook);
  return [
    count(entries.length, 'trigger'),
    count(schedules.length, 'schedule'),
    ...(events.length > 0 ? [count(events.length, 'event')] : []),
    count(webhooks.length, 'webhook'),
  ].join(', ');
}
