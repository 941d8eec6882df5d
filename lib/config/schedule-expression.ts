import { Temporal } from 'temporal-polyfill';
import type { Timing } from '../../lambda/schedule/schedule.ts';
import { readCron } from './cron-expression.ts';
import { minutesOf, readDuration, spell } from './duration.ts';
import type { Report } from './problem.ts';

/** Reads `6 hours`: a positive whole number of minutes, hours or days. */
export function readRate(text: string, report: Report): Timing | undefined {
  const rate = readDuration(text, report);
  return (
    rate && {
      expression: `rate(${spell(rate)})`,
      times: { kind: 'rate', minutes: minutesOf(rate) },
    }
  );
}

const LOCAL_TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?$/;

/** Reads `2026-12-24T08:00:00`: a local time without a zone. */
export function readAt(text: string, report: Report): Timing | undefined {
  const at = readLocalTime(text)?.toString({ smallestUnit: 'second' });
  if (at) return { expression: `at(${at})`, times: { kind: 'at', at } };
  if (LOCAL_TIME.test(text)) report(`"${text}" does not exist in the calendar`);
  else if (/(Z|[+-]\d\d:?\d\d)$/i.test(text)) {
    report(
      `"${text}" must not have an offset: at is a local time; remove the offset and set timezone`,
    );
  } else report(`"${text}" is not a local time; write it as 2026-12-24T08:00:00`);
  return undefined;
}

/** A local time as `at` writes it; nothing when the text is not such a time or the date does not exist. */
export function readLocalTime(text: string): Temporal.PlainDateTime | undefined {
  const [, date, time, second = ':00'] = LOCAL_TIME.exec(text) ?? [];
  // Temporal reads a leap second as the second before it.
  if (second === ':60') return undefined;
  try {
    return Temporal.PlainDateTime.from(`${date}T${time}${second}`, { overflow: 'reject' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const READERS = { cron: readCron, rate: readRate, at: readAt } as const;

/** Reads a normalised expression again; throws on any other text. */
export function parseExpression(text: string): Timing {
  const [, kind = '', inner = ''] = /^(cron|rate|at)\((.*)\)$/.exec(text) ?? [];
  if (!isKind(kind)) throw new Error(`"${text}" is not a schedule expression`);
  const problems: string[] = [];
  const timing = READERS[kind](inner, (message) => void problems.push(message));
  if (!timing) throw new Error(`${text}: ${problems.join('; ')}`);
  return timing;
}

function isKind(kind: string): kind is keyof typeof READERS {
  return Object.hasOwn(READERS, kind);
}
