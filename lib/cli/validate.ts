import { Command } from '@commander-js/extra-typings';
import { loadTriggers } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';
import type { TriggersFile } from '../config/schema.ts';
import { EXIT, printJson } from './io.ts';
import type { Session } from './program.ts';
import { styleFor } from './style.ts';

const EXAMPLES = `
Examples:
  rtt validate
  rtt validate --triggers triggers.staging.yaml

Exit codes: 0 sound, 2 not
`;

/** Whether the triggers file can be deployed. */
export function validateCommand({ io, options }: Session) {
  return new Command('validate')
    .summary('check the triggers file')
    .description('Reports everything that is wrong in the triggers file, each with its place.')
    .addHelpText('after', EXAMPLES)
    .action(() => {
      const { triggers: file, json } = options();
      const loaded = loadTriggers(file, io.clock.now());
      const problems = loaded.ok ? loaded.warnings : loaded.problems;
      io.exitCode = loaded.ok ? EXIT.ok : EXIT.badInput;
      if (json) return printJson(io, { ok: loaded.ok, problems });
      io.stderr.write(formatProblems(problems));
      if (loaded.ok) {
        const mark = styleFor(io.stdout)('green', '✓');
        io.stdout.write(`${mark} ${file} is sound: ${contents(loaded.config)}\n`);
      }
    });
}

function contents({ triggers }: TriggersFile): string {
  const entries = Object.values(triggers);
  const schedules = entries.flatMap((entry) => entry.schedules);
  const webhooks = entries.filter(({ webhook }) => webhook);
  return [
    count(entries.length, 'trigger'),
    count(schedules.length, 'schedule'),
    count(webhooks.length, 'webhook'),
  ].join(', ');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
