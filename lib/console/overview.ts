import type { Trigger } from '../../lambda/firing/trigger.ts';
import type { Ledger, ListedFiring } from '../../lambda/ledger/ledger.ts';
import { readPause } from '../../lambda/policies/pause.ts';
import { occurrences } from '../../lambda/schedule/occurrences.ts';
import type { NamedSchedule } from '../../lambda/schedule/schedule.ts';
import { budgetSpent } from '../views/budget-spent.ts';
import { newestFirings } from '../views/newest-firings.ts';
import { statsOf } from '../views/trigger-stats.ts';
import type { FiringRow, Overview, TriggerRow, TriggerState } from './console-data.ts';
import { firingRow } from './firing-row.ts';
import type { Source } from './source.ts';

/** Each trigger shows this many. */
const MOST_FIRINGS = 30;

type ReadLedger = Pick<Ledger, 'ofTrigger' | 'readItem'>;

/** How every trigger is and what comes next. */
export async function readOverview(
  { target, describe }: Source,
  ledger: ReadLedger,
  now: Date,
): Promise<Overview> {
  const { config, readOnly } = await describe();
  const [pause, triggers] = await Promise.all([
    readPause(undefined, { ledger, now: () => now }),
    Promise.all(
      Object.entries(config.triggers).map(async ([name, trigger]) => ({
        ...(await readTrigger(name, trigger, ledger, now)),
        budget: await budgetSpent(name, config, now, ledger),
      })),
    ),
  ]);
  const { name, isStandIn } = target;
  return {
    target: name,
    isStandIn,
    ...(readOnly !== undefined && { readOnly }),
    ...(pause && { pause }),
    triggers,
  };
}

async function readTrigger(
  name: string,
  trigger: Trigger,
  ledger: ReadLedger,
  now: Date,
): Promise<Omit<TriggerRow, 'budget'>> {
  const [pause, found] = await Promise.all([
    readPause(name, { ledger, now: () => now }),
    newestFirings([name], { from: new Date(0), limit: MOST_FIRINGS }, ledger),
  ]);
  const firings = found.map(firingRow).toSorted((a, b) => a.due.localeCompare(b.due));
  const { passRate, durationSeconds } = statsOf(name, found);
  return {
    name,
    state: stateOf(firings, pause !== undefined),
    ...(pause && { pause }),
    next: trigger.schedules
      .flatMap((schedule) => nextOf(schedule, found, now))
      .toSorted((a, b) => a.time.localeCompare(b.time)),
    firings,
    stats: {
      ...(passRate !== undefined && { passRate }),
      ...(durationSeconds !== undefined && { durationSeconds }),
    },
  };
}

function stateOf(firings: readonly FiringRow[], isPaused: boolean): TriggerState {
  const last = firings.at(-1);
  if (isPaused) return 'paused';
  if (!last) return 'new';
  if (last.word === 'missed') return 'missed';
  if (firings.some(({ tone }) => tone === 'busy')) return 'running';
  return last.tone === 'bad' ? 'failing' : 'ok';
}

/** A rate without a start counts from its deployment, of which only an earlier firing tells. */
function nextOf(schedule: NamedSchedule, firings: readonly ListedFiring[], now: Date) {
  const { name, timezone, times, start } = schedule;
  const [earlier] = firings.flatMap(({ cause }) =>
    cause.kind === 'schedule' && cause.schedule === name ? [new Date(cause.scheduledTime)] : [],
  );
  if (times.kind === 'rate' && start === undefined && !earlier) return [];
  return occurrences(schedule, now, earlier ?? now)
    .take(1)
    .map((time) => ({ time: time.toISOString(), timezone }))
    .toArray();
}
