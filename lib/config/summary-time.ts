import type { Timing } from '../../lambda/schedule/schedule.ts';
import type { Report } from './problem.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const TIME = /^(?:daily|weekly (Sun|Mon|Tue|Wed|Thu|Fri|Sat)) ([01]\d|2[0-3]):([0-5]\d)$/;

/** When a summary is told: `daily 08:00` or `weekly Mon 08:00`. */
export function readSummaryTime(text: string, report: Report): Timing | undefined {
  const match = TIME.exec(text);
  if (!match) {
    return report('is not a time of summaries; write it as daily 08:00 or weekly Mon 08:00');
  }
  const [, day, hour, minute] = match;
  const at = { kind: 'cron', minutes: [Number(minute)], hours: [Number(hour)] } as const;
  const weekdays = day === undefined ? undefined : [DAYS.indexOf(day) + 1];
  return {
    expression: text,
    times: { ...at, ...(weekdays && { day: { kind: 'weekdays', weekdays } }) },
  };
}
