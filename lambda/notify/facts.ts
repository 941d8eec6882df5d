import type { ServiceEvent } from '../firing/service-event.ts';

const MOST_REASONS = 10;

/** What an event says, as labelled lines. */
export type Facts = readonly (readonly [label: string, value: string])[];

/** The facts of an event, its times in UTC and in `timezone`. */
export function factsOf(event: ServiceEvent, timezone: string): Facts {
  const { schedule, result } = event;
  const facts: [string, string | undefined][] = [
    ['When', timeText(event.time, timezone)],
    ['Due', schedule && timeText(schedule.scheduled_time, timezone)],
    ['Trigger', event.trigger],
    ['Firing', event.firing],
    ['Execution', event.execution_id],
    ['Result', result && resultText(result)],
    [
      'Scores',
      result?.evaluations?.map(({ name, score }) => `${name} ${score ?? 'no score'}`).join(', '),
    ],
  ];
  return facts.flatMap(([label, value]) => (value ? [[label, value] as const] : []));
}

function resultText(result: NonNullable<ServiceEvent['result']>): string {
  const { total_calls: total, completed_calls: completed, failed_calls: failed } = result;
  return [
    `${result.verdict} (${result.status})`,
    total !== undefined && `${total} calls`,
    completed !== undefined && `${completed} completed`,
    failed !== undefined && `${failed} failed`,
    result.success_rate !== undefined && `success rate ${result.success_rate} %`,
    result.duration_seconds !== undefined && `took ${durationText(result.duration_seconds)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** `1 h 2 min`, or `3 min 4 s` below an hour. */
function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** `2026-11-24 02:00 UTC (03:00 Europe/Berlin)`; the date is repeated where it differs. */
function timeText(iso: string, timezone: string): string {
  const [utc, there] = ['UTC', timezone].map((timeZone) => localText(iso, timeZone));
  if (utc === there) return `${utc} UTC`;
  const short = there?.slice(0, 10) === utc?.slice(0, 10) ? there?.slice(11) : there;
  return `${utc} UTC (${short} ${timezone})`;
}

/** Swedish writes times as ISO 8601 does. */
function localText(iso: string, timeZone: string): string {
  return new Date(iso).toLocaleString('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
}

/** As many reasons as a person reads. */
export function reasonsOf({ reasons }: ServiceEvent): string[] {
  const more = reasons.length - MOST_REASONS;
  return [...reasons.slice(0, MOST_REASONS), ...(more > 0 ? [`and ${more} more`] : [])];
}
