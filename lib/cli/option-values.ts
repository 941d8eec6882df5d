import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import * as z from 'zod';
import { oneLine } from './text.ts';

const MS_PER = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads `90s`, `30m`, `2h` or `7d` as milliseconds. */
export function readSpan(text: string): number {
  const span = spanOf(text);
  if (span !== undefined) return span;
  throw new InvalidArgumentError('It must be a whole number and a unit: 90s, 30m, 2h or 7d.');
}

/** Reads how long ago, or a moment as ISO 8601; a date begins at the midnight of this machine's zone. */
export function readSince(text: string): (now: Date) => Date {
  return readMoment(text, -1, 'It must be like 7d, 12h, 2026-11-24 or 2026-11-24T02:00:00Z.');
}

/** Reads how far ahead, or a moment as `readSince` does. */
export function readUntil(text: string): (now: Date) => Date {
  return readMoment(text, 1, 'It must be like 2h, 3d, 2026-11-24 or 2026-11-24T08:00:00+01:00.');
}

function readMoment(text: string, direction: 1 | -1, expected: string): (now: Date) => Date {
  const span = spanOf(text);
  if (span !== undefined) return (now) => new Date(now.getTime() + direction * span);
  if (z.iso.datetime({ offset: true }).safeParse(text).success) return () => new Date(text);
  if (z.iso.date().safeParse(text).success) return () => new Date(`${text}T00:00`);
  throw new InvalidArgumentError(expected);
}

function spanOf(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const perUnit = Object.entries(MS_PER).find(([name]) => name === unit)?.[1];
  return perUnit === undefined || Number(digits) === 0 ? undefined : Number(digits) * perUnit;
}

/** Reads a whole number in this range. */
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
