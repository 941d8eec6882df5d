import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import type { Ledger, ListedFiring } from '../../lambda/ledger/ledger.ts';
import { type Admission, readAdmissions } from '../views/admissions.ts';
import { type DueTime, dueTimes, timesAhead } from '../views/due-times.ts';
import { exampleEvent } from '../views/example-event.ts';
import { trendsOf } from '../views/trends.ts';
import { weekDates, weekOf } from '../views/week.ts';
import { type DueRow, dueRow } from './firing-row.ts';
import type { Source } from './source.ts';

/** Each trigger shows so many due times, and the trends of so many runs. */
const MOST_SHOWN = 30;
/** Read at first: half of the firings of a trigger may be missed or skipped ones. */
const MOST_READ = 60;
/** Read where that is less than a week. */
const MOST_OF_WEEK = 500;
/** Of a schedule, within the next week. */
const MOST_AHEAD = 300;
const PAGE_LENGTH = 50;
const WEEK_MS = 7 * 86_400_000;

type ReadLedger = Pick<Ledger, 'ofTrigger' | 'readItems'>;

/** How the triggers are and what comes next: those of `page` (from 0) whose name has `name` in it. */
export async function readOverview(
  query: URLSearchParams,
  { target, describe }: Source,
  ledger: ReadLedger,
  now: Date,
) {
  const { config, readOnly } = await describe();
  const asked = Object.keys(config.triggers).filter((name) =>
    name.includes(query.get('name') ?? ''),
  );
  const first = PAGE_LENGTH * Math.max(0, Number(query.get('page')) || 0);
  const shown = asked.slice(first, first + PAGE_LENGTH);
  const [admissionOf, firings] = await Promise.all([
    readAdmissions(shown, config, now, ledger),
    Promise.all(shown.map((name) => readFirings(name, ledger, now))),
  ]);
  const { pause } = admissionOf(undefined);
  return {
    target: target.name,
    isStandIn: target.isStandIn,
    ...(readOnly !== undefined && { readOnly }),
    /** Of every trigger. */
    ...(pause && { pause }),
    /** In which the days of `week` begin. */
    timezone: config.timezone,
    /** Those of this page. */
    triggers: firings.map((read) =>
      triggerRow({ ...read, ...admissionOf(read.name) }, config, now),
    ),
    /** How many there are in all whose name has what was asked for. */
    count: asked.length,
    pageLength: PAGE_LENGTH,
  };
}

/** The page gets it as JSON from `/_console/overview`: 50 triggers at most. */
export type Overview = Awaited<ReturnType<typeof readOverview>>;
/** One trigger of the overview, with what was due and what comes next. */
export type TriggerRow = ReturnType<typeof triggerRow>;

function triggerRow(
  { name, pause, budget, firings, since }: Admission & Awaited<ReturnType<typeof readFirings>>,
  { triggers, timezone }: DeployedConfig,
  now: Date,
) {
  const trigger = triggers[name];
  if (!trigger) throw new Error(`No trigger ${name}`);
  const due = dueTimes(trigger, firings, { now, most: MOST_OF_WEEK });
  const shown = due.slice(-MOST_SHOWN).map((time) => dueRow(name, time));
  return {
    name,
    state: stateOf(shown, pause !== undefined),
    ...(pause && { pause }),
    /** The last 30, oldest first, with those that were missed or skipped, or of which nothing is recorded. */
    due: shown,
    trends: trendsOf(firings, trigger.expect, MOST_SHOWN),
    budget,
    tests: testsOf(trigger),
    ...aheadAndWeek(trigger, timezone, { firings, since, due, now }),
  };
}

/** The newest ones, or all of the last week where those are more; complete from `since` on. */
async function readFirings(name: string, ledger: ReadLedger, now: Date) {
  const week = new Date(now.getTime() - WEEK_MS).toISOString();
  const firings: ListedFiring[] = [];
  for await (const firing of ledger.ofTrigger(name)) {
    const most = firing.recordedAt < week ? MOST_READ : MOST_OF_WEEK;
    if (firings.length >= most) break;
    firings.push(firing);
  }
  const last = firings[MOST_OF_WEEK - 1];
  return { name, firings, since: last && new Date(last.recordedAt) };
}

interface Known {
  readonly firings: readonly ListedFiring[];
  readonly since: Date | undefined;
  readonly due: readonly DueTime[];
  readonly now: Date;
}

function aheadAndWeek(
  { schedules }: Trigger,
  timezone: string,
  { firings, since, due: past, now }: Known,
) {
  const until = new Date(now.getTime() + WEEK_MS);
  const ahead = schedules.map((schedule) => ({
    schedule,
    times: timesAhead(schedule, firings, { now, until, most: MOST_AHEAD }),
  }));
  const next = ahead.flatMap(({ schedule, times: [time] }) =>
    time ? [{ time: time.toISOString(), timezone: schedule.timezone }] : [],
  );
  const of = { past, since, ahead: ahead.flatMap(({ times }) => times) };
  return {
    /** The next time of each schedule that has one, the first first. */
    next: next.toSorted((a, b) => a.time.localeCompare(b.time)),
    week: weekOf(weekDates(now, timezone), of, timezone),
  };
}

/** What can be sent to try a trigger: a delivery, or an event on a bus, with an example of one. */
export type TestKind =
  | { readonly kind: 'delivery' }
  | { readonly kind: 'event'; readonly bus: string; readonly example: string };

/** Amazon alone can sign as SNS, and a person cannot send the end of another trigger. */
function testsOf({ webhook, events = [] }: Trigger): TestKind[] {
  const ofEvents = events.flatMap((rule): TestKind[] => {
    if ('after' in rule) return [];
    const example = JSON.stringify(exampleEvent(rule.pattern), null, 2);
    return [{ kind: 'event', bus: rule.bus, example }];
  });
  return [
    ...(webhook && webhook.verify !== 'sns' ? [{ kind: 'delivery' } as const] : []),
    ...ofEvents,
  ];
}

/** How a trigger is, the most urgent first. */
export type TriggerState = 'paused' | 'missed' | 'failing' | 'doubtful' | 'running' | 'ok' | 'new';

function stateOf(due: readonly DueRow[], isPaused: boolean): TriggerState {
  const last = due.at(-1);
  if (isPaused) return 'paused';
  if (!last) return 'new';
  if (last.word === 'missed' || last.id === undefined) return 'missed';
  if (due.some(({ word }) => word === 'unresolved')) return 'doubtful';
  if (due.some(({ tone }) => tone === 'busy')) return 'running';
  return last.tone === 'bad' ? 'failing' : 'ok';
}
