import type { Report } from './problem.ts';

const MINUTES_PER = { minute: 1, hour: 60, day: 1440 } as const;
const DURATION = /^(\d+) +(minute|hour|day)s?$/;

/** A length of time as written: `6 hours` is `{ count: 6, unit: 'hour' }`. */
export interface Duration {
  readonly count: number;
  readonly unit: keyof typeof MINUTES_PER;
}

/** Reads `15 minutes`, `1 hour` or `2 days`: a positive whole number and a unit, singular or plural. */
export function readDuration(text: string, report: Report): Duration | undefined {
  const [, digits, unit] = DURATION.exec(text.trim()) ?? [];
  const count = Number(digits);
  if (!isUnit(unit) || count < 1 || !Number.isSafeInteger(count * MINUTES_PER[unit])) {
    return report(
      `"${text}" is not a length of time; write a whole number from 1 and minutes, hours or days: 15 minutes, 1 hour, 2 days`,
    );
  }
  return { count, unit };
}

/** Reads a duration of `min` to `max` minutes as minutes. */
export function readMinutes(text: string, min: number, max: number, report: Report) {
  const duration = readDuration(text, report);
  if (!duration) return undefined;
  const minutes = minutesOf(duration);
  if (minutes >= min && minutes <= max) return minutes;
  return report(`"${text}" is out of range; allowed: ${inWords(min)} to ${inWords(max)}`);
}

/** The length in minutes; a day is 24 hours. */
export function minutesOf({ count, unit }: Duration): number {
  return count * MINUTES_PER[unit];
}

function isUnit(unit: string | undefined): unit is Duration['unit'] {
  return unit !== undefined && Object.hasOwn(MINUTES_PER, unit);
}

function inWords(minutes: number): string {
  const unit = minutes % 1440 === 0 ? 'day' : minutes % 60 === 0 ? 'hour' : 'minute';
  return spell({ count: minutes / MINUTES_PER[unit], unit });
}

/** `1 hour`, `5 hours`: the unit agrees with the number, as EventBridge Scheduler demands. */
export function spell({ count, unit }: Duration): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
