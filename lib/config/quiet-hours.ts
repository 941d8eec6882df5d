import type { QuietHours } from '../../lambda/firing/policy.ts';
import type { Report } from './problem.ts';

const HOURS = /^(([01]\d|2[0-3]):[0-5]\d)-(([01]\d|2[0-3]):[0-5]\d)$/;

/** When people want to sleep: `22:00-07:00`. */
export function readQuietHours(
  text: string,
  report: Report,
): Omit<QuietHours, 'timezone'> | undefined {
  const [, from, , until] = HOURS.exec(text) ?? [];
  if (from !== undefined && until !== undefined && from !== until) return { from, until };
  return report('is not a time of every day; write it as 22:00-07:00');
}
