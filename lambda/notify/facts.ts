import { EVENT_KINDS, type EventKind } from '../firing/event-kind.ts';
import type { ServiceEvent } from '../firing/service-event.ts';
import { firstOf } from '../runtime/first-of.ts';
import type { NamedSchedule } from '../schedule/schedule.ts';
import { timeText } from './local-time.ts';
import { cut } from './words.ts';

const MOST_REASONS = 10;
const REASON_LENGTH = 300;
const MOST_SCORES = 8;
const SHORT_HASH = 12;

/** What a message says beside the event: the names and places that the file and the stack have. */
export interface Setting {
  /** The stack's name; each stage has another. */
  readonly service: string;
  /** IANA time zone of the times in messages, where the trigger has no schedule. */
  readonly timezone: string;
  /** The schedules of the event's trigger, where it still has some. */
  readonly schedules?:
    | readonly Pick<NamedSchedule, 'name' | 'expression' | 'timezone'>[]
    | undefined;
  /** Of the stack; absent for one that runs on a person's machine. */
  readonly region?: string | undefined;
  readonly hasDashboard?: boolean;
  /** The log group of the sweep, which says what becomes of every firing. */
  readonly logGroup?: string | undefined;
  /** Address of docs/runbook.md, where it has one. */
  readonly runbook?: string | undefined;
}

/** What an event says, as labelled lines: first what a person wants to know, addresses at the end, the longest last. */
export type Facts = readonly (readonly [label: string, value: string])[];

const ABOUT_STARTS: ReadonlySet<EventKind> = new Set(['started', 'budget']);

/** In the order in which people read them; without those that the event does not know. */
export function factsOf(event: ServiceEvent, setting: Setting): Facts {
  const { schedule } = event;
  // The execution may be over by the time that its start is told.
  const result = ABOUT_STARTS.has(event.kind) ? undefined : event.result;
  const timezone = timezoneOf(event, setting);
  const facts: [string, string | undefined][] = [
    ['When', timeText(event.time, timezone)],
    [
      'Due',
      schedule && `${timeText(schedule.scheduled_time, timezone)}${scheduleText(event, setting)}`,
    ],
    ['Change', event.change && changeText(event.change)],
    ['Result', result && resultText(result)],
    ['Scores', result?.evaluations && scoresText(result.evaluations)],
    ['Cost', result?.cost_cents === undefined ? undefined : fromCents(result.cost_cents)],
    ['Firing', event.firing],
    ['Execution', event.link ?? event.execution_id],
    ['Run test', event.run_test_link],
    ...dashboardOf(setting),
    ['Runbook', runbookOf(event, setting)],
    ['Log', logOf(event, setting)],
  ];
  return facts.flatMap(([label, value]) => (value ? [[label, value] as const] : []));
}

/** US cents as `0.80 USD`. */
export function fromCents(cents: number): string {
  return `${(cents / 100).toFixed(2)} USD`;
}

/** The zone in which the trigger's people think: that of the schedule that fired, or of its first one. */
export function timezoneOf(
  { schedule }: ServiceEvent,
  { schedules = [], timezone }: Setting,
): string {
  return (
    (schedules.find(({ name }) => name === schedule?.name) ?? schedules[0])?.timezone ?? timezone
  );
}

function scheduleText({ schedule }: ServiceEvent, { schedules = [] }: Setting): string {
  const own = schedules.find(({ name }) => name === schedule?.name);
  return own ? `, ${own.expression}` : '';
}

/** Empty in a local run, and for a stack without `monitoring.dashboard`. */
export function dashboardOf({ service, region, hasDashboard }: Setting): [string, string][] {
  if (region === undefined || !hasDashboard) return [];
  return [['Dashboard', cloudWatch(region, `dashboards/dashboard/${service}`)]];
}

/** What the firing's lines are searched by: from a day before its event on. */
function logOf({ firing, time }: ServiceEvent, { region, logGroup }: Setting): string | undefined {
  if (region === undefined || logGroup === undefined) return undefined;
  const start = Date.parse(time) - DAY_MS;
  const search = `?filterPattern=${encodeURIComponent(`"${firing}"`)}&start=${start}`;
  // The console reads what is behind its # once more, with $ for %.
  const escaped = encodeURIComponent(search).replaceAll('%', '$');
  return cloudWatch(region, `logsV2:log-groups/log-group/${logGroup}/log-events${escaped}`);
}

const DAY_MS = 86_400_000;

function cloudWatch(region: string, place: string): string {
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#${place}`;
}

function runbookOf({ kind }: ServiceEvent, { runbook }: Setting): string | undefined {
  const part = EVENT_KINDS[kind].runbook;
  return runbook === undefined || part === undefined ? undefined : `${runbook}#${part}`;
}

function changeText({
  repository,
  commit,
  pull_request: request,
}: NonNullable<ServiceEvent['change']>): string {
  const number = request === undefined ? '' : `, pull request ${request}`;
  return `${repository}, commit ${commit.slice(0, SHORT_HASH)}${number}`;
}

function resultText(result: NonNullable<ServiceEvent['result']>): string {
  const { total_calls: total, completed_calls: completed, success_rate: rate } = result;
  const counted =
    total !== undefined && completed !== undefined && `${completed} of ${total} calls completed`;
  return [
    counted || (total !== undefined && `${total} calls`),
    rate !== undefined && `success rate ${rate} %`,
    result.duration_seconds !== undefined && `took ${durationText(result.duration_seconds)}`,
    result.status !== 'completed' && `the execution ended as ${result.status}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** The lowest first: they are what a person looks for. */
function scoresText(evaluations: NonNullable<NonNullable<ServiceEvent['result']>['evaluations']>) {
  const lowest = evaluations.toSorted((a, b) => (a.score ?? -1) - (b.score ?? -1));
  const named = lowest.map(({ name, score }) => `${name} ${score ?? 'no score'}`);
  return firstOf(named, MOST_SCORES).join(', ');
}

/** `1 h 2 min`, or `3 min 4 s` below an hour. */
function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** As many as a person reads, and how many more there are; of a recovery, what had been wrong. */
export function reasonsOf(event: ServiceEvent, setting: Setting): string[] {
  const { ended = [] } = event;
  const before = ended.map(
    ({ kind, since, runs }) =>
      `${EVENT_KINDS[kind].past} before, since ${timeText(since, timezoneOf(event, setting))}${runs > 1 ? `, ${runs} runs` : ''}.`,
  );
  const reasons =
    ended.length > 0 ? before : event.reasons.map((reason) => cut(reason, REASON_LENGTH));
  return firstOf(reasons, MOST_REASONS);
}
