import { Command } from '@commander-js/extra-typings';
import { fromCents } from '../../lambda/notify/facts.ts';
import type { SpentShare } from '../../lambda/policies/budget.ts';
import { count } from '../count.ts';
import { took } from '../took.ts';
import { readAdmissions } from '../views/admissions.ts';
import { firingsOf } from '../views/newest-firings.ts';
import { statsOf, type TriggerStats } from '../views/trigger-stats.ts';
import { openService } from './connect.ts';
import { sinceOption } from './option-values.ts';
import { answer, type Session } from './program.ts';
import { READING, withSpinner } from './progress.ts';
import type { Style } from './style.ts';
import { details } from './table.ts';

const EXAMPLES = `
Examples:
  rtt stats
  rtt stats nightly-regression --since 90d
  rtt stats --json
`;

/**
 * Reads the ledger of a local run or a stack. Budgets are those of the current day or month, whatever `--since` says.
 * `--json` prints an array, an object for each trigger.
 */
export function command(session: Session) {
  return new Command('stats')
    .description('Shows runs, pass rate, success rate over time and budget of the triggers.')
    .argument('[trigger]', 'this trigger only')
    .addOption(sinceOption())
    .addHelpText('after', EXAMPLES)
    .action(async (trigger, { since }) => {
      const { config, ledger, named } = await openService(session);
      const now = session.io.clock.now();
      const names = named(trigger);
      const firings = firingsOf(trigger, { from: since(now) }, ledger);
      const counted = await withSpinner(session.io, READING, statsOf(names, firings));
      const limited = names.filter((name) => config.triggers[name]?.budget);
      const admissionOf = await readAdmissions(limited, config, now, ledger);
      const stats = counted.map((each) => ({
        ...each,
        budget: admissionOf(each.trigger).budget,
      }));
      answer(session, stats, (style) => stats.map((each) => format(each, style)).join('\n'));
    });
}

type Shown = TriggerStats & { readonly budget: readonly SpentShare[] };

function format(stats: Shown, style: Style): string {
  const { trigger, runs, verdicts, notStarted, passRate, durationSeconds, cost } = stats;
  const parts = Object.entries(notStarted).map(([state, n]) => `${n} ${state}`);
  const rows = [
    [
      'runs',
      `${runs}: ${verdicts.passed} passed, ${verdicts.failed} failed, ${verdicts.inconclusive} inconclusive`,
    ],
    ['not started', parts.join(', ') || undefined],
    ['pass rate', passRate === undefined ? undefined : `${passRate} %`],
    ['success rate', rateText(stats.successRates)],
    ['took', durationSeconds === undefined ? undefined : `${took(durationSeconds)} as a rule`],
    ['cost', cost && costText(cost, runs)],
    ...stats.budget.map(
      ({ spent, limit, unit, period }) =>
        ['budget', `${spent} of ${limit} ${unit} of ${period} spent`] as const,
    ),
  ] as const;
  return `${style('bold', trigger)}\n${details(rows, style)}`;
}

/** Passed runs tell no cost where nothing is compared: their calls are not read. */
function costText({ cents, runs }: NonNullable<TriggerStats['cost']>, of: number): string {
  const each = runs > 1 ? `, ${fromCents(cents / runs)} a run` : '';
  return `${fromCents(cents)} in ${runs} of ${count(of, 'run')}${each}`;
}

/** As many as stand in one line. */
const MOST_RUNS = 40;
const BLOCKS = '▁▂▃▄▅▆▇█';

/** A block for each run, oldest first: the highest is 100 %. */
function rateText(rates: readonly number[]): string | undefined {
  const last = rates.at(-1);
  if (last === undefined) return undefined;
  const blocks = rates
    .slice(-MOST_RUNS)
    .map((rate) => BLOCKS[Math.min(BLOCKS.length - 1, Math.floor((rate / 100) * BLOCKS.length))]);
  return `${blocks.join('')} ${last} % at last`;
}
