import { occurrences } from '../../lambda/schedule/occurrences.ts';
import type { Schedule } from '../../lambda/schedule/schedule.ts';
import { parseExpression } from '../../lib/config/schedule-expression.ts';

const CREATED_AT = new Date('2026-11-24T10:07:00Z');

/** A schedule as it is written, in UTC. */
export type Written = Pick<Schedule, 'expression'> & Partial<Schedule>;

/** The first fire times from a moment on, without their seconds; the schedule was created on 24 November 2026. */
export function take(schedule: Written, from: string, count: number): string[] {
  const whole = {
    ...parseExpression(schedule.expression),
    timezone: 'UTC',
    flexibleWindowMinutes: 0,
    enabled: true,
    ...schedule,
  };
  return occurrences(whole, new Date(from), CREATED_AT)
    .take(count)
    .map((time) => time.toISOString().replace(':00.000Z', 'Z'))
    .toArray();
}
