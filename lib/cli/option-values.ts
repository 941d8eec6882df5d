import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import * as z from 'zod';
import { InputError } from '../input-error.ts';
import { oneLine } from './text.ts';

const MS_PER = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const DAYS_FROM_TODAY = { yesterday: -1, today: 0, tomorrow: 1 } as const;

/** Reads `90s`, `30m`, `2h`, `7d` or `1w` as milliseconds. */
export function readSpan(text: string): number {
  const span = spanOf(text);
  if (span !== undefined) return span;
  throw new InvalidArgumentError('It must be a whole number and a unit: 90s, 30m, 2h, 7d or 1w.');
}

/**
 * Reads how long ago, or a moment: in this machine's zone where it names none; a day begins at midnight. What it returns
 * throws InputError for a time in the future.
 */
export function readSince(text: string): (now: Date) => Date {
  const moment = readMoment(
    text,
    -1,
    'It must be like 7d, 12h, yesterday, 2026-11-24 or 2026-11-24T02:00.',
  );
  return (now) => {
    const since = moment(now);
    if (since <= now) return since;
    throw new InputError(`--since is in the future (${since.toISOString()}): nothing was read`);
  };
}

/** `--since` of what is counted over a period: the last 30 days by default. */
export function sinceOption() {
  return new Option('--since <time>', 'of the last 30d or 12h, or since 2026-11-24')
    .argParser(readSince)
    .default(readSince('30d'), '30d');
}

/** Reads how far ahead, or a moment as `readSince` does. */
export function readUntil(text: string): (now: Date) => Date {
  return readMoment(text, 1, 'It must be like 2h, 3d, tomorrow, 2026-11-24 or 2026-11-24T08:00.');
}

function readMoment(text: string, direction: 1 | -1, expected: string): (now: Date) => Date {
  const span = spanOf(text);
  if (span !== undefined) return (now) => new Date(now.getTime() + direction * span);
  const days = Object.entries(DAYS_FROM_TODAY).find(([word]) => word === text)?.[1];
  if (days !== undefined) {
    return (now) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  }
  if (z.iso.date().safeParse(text).success) return () => new Date(`${text}T00:00`);
  if (z.iso.datetime({ offset: true, local: true }).safeParse(text).success) {
    return () => new Date(text);
  }
  throw new InvalidArgumentError(expected);
}

function spanOf(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const perUnit = Object.entries(MS_PER).find(([name]) => name === unit)?.[1];
  return perUnit === undefined || Number(digits) === 0 ? undefined : Number(digits) * perUnit;
}

/** Both bounds are included; at most six digits and no sign. The parser throws InvalidArgumentError. */
export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,6}$/.test(text) && number >= from && number <= to) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
  };
}

/** `--reason`: what a person decides stays with its reason, in the ledger, the log and the messages. */
export function reasonOption(description: string) {
  return new Option('--reason <text>', description).argParser(readReason).makeOptionMandatory();
}

function readReason(text: string): string {
  const reason = oneLine(text);
  if (reason !== '') return reason;
  throw new InvalidArgumentError('It must say why.');
}

/** The text itself where it matches. The parser throws InvalidArgumentError with what is expected. */
export function matching(pattern: RegExp, expected: string): (text: string) => string {
  return (text) => {
    if (pattern.test(text)) return text;
    throw new InvalidArgumentError(expected);
  };
}

/** An empty path, as of a variable that is not set, would mean the working directory. */
export const readPath = matching(/\S/, 'It must not be empty.');
