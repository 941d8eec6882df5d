import { Temporal } from 'temporal-polyfill';
import type { Cron } from '../../lambda/schedule/deployed-schedule.ts';
import { readCron, type WrittenField } from './cron-expression.ts';
import { type Duration, readDuration, spell } from './duration.ts';
import { toSixFields } from './five-field-cron.ts';
import type { Report } from './problem.ts';

/** A normalised schedule expression, read. */
export type ScheduleExpression =
  | { readonly kind: 'cron'; readonly cron: Cron }
  | { readonly kind: 'rate'; readonly rate: Duration }
  | { readonly kind: 'at'; readonly at: Temporal.PlainDateTime };

/** Reads EventBridge Scheduler's six cron fields or the usual five. */
export function readCronFields(text: string, report: Report): ScheduleExpression | undefined {
  const wrapper = /^\s*\w+\(/.exec(text)?.[0];
  if (wrapper) {
    report(`write only what stands between the brackets, without ${wrapper.trim()} )`);
    return undefined;
  }
  let refused = false;
  const fields = writtenFields(text, (message, offset) => {
    refused = true;
    report(message, offset);
  });
  if (fields.length !== 5 && fields.length !== 6) {
    report(
      `has ${fields.length} field${fields.length === 1 ? '' : 's'}; allowed: six (minutes hours day-of-month month day-of-week year) or the usual five (without the year)`,
    );
    return undefined;
  }
  const six = fields.length === 6 ? fields : toSixFields(fields);
  const cron = six && readCron(six);
  return cron && !refused ? { kind: 'cron', cron } : undefined;
}

function writtenFields(text: string, report: Report): WrittenField[] {
  return [...text.matchAll(/\S+/g)].map(([field], index, all) => ({
    text: field.toUpperCase(),
    report: (message, offset = 0) => report(message, (all[index]?.index ?? 0) + offset),
  }));
}

/** Reads `6 hours`: a positive whole number of minutes, hours or days. */
export function readRate(text: string, report: Report): ScheduleExpression | undefined {
  const rate = readDuration(text, report);
  return rate && { kind: 'rate', rate };
}

const LOCAL_TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?$/;

/** Reads `2026-12-24T08:00:00`: a local time without a zone. */
export function readAt(text: string, report: Report): ScheduleExpression | undefined {
  const at = readLocalTime(text);
  if (at) return { kind: 'at', at };
  if (LOCAL_TIME.test(text)) report(`"${text}" does not exist in the calendar`);
  else if (/(Z|[+-]\d\d:?\d\d)$/i.test(text)) {
    report(
      `"${text}" must not name an offset; leave it out and set timezone (a local time is meant)`,
    );
  } else report(`"${text}" is not a local time; write it as 2026-12-24T08:00:00`);
  return undefined;
}

/** A local time as `at` writes it; nothing when the text is no such time or the date does not exist. */
export function readLocalTime(text: string): Temporal.PlainDateTime | undefined {
  const [, date, time, second = ':00'] = LOCAL_TIME.exec(text) ?? [];
  try {
    return Temporal.PlainDateTime.from(`${date}T${time}${second}`, { overflow: 'reject' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The form that CloudFormation takes: `cron(…)`, `rate(…)` or `at(…)`. */
export function formatExpression(expression: ScheduleExpression): string {
  switch (expression.kind) {
    case 'cron':
      return `cron(${expression.cron.text})`;
    case 'rate':
      return `rate(${spell(expression.rate)})`;
    case 'at':
      return `at(${expression.at.toString({ smallestUnit: 'second' })})`;
  }
}

const READERS = { cron: readCronFields, rate: readRate, at: readAt } as const;

/** Reads a normalised expression again; throws on any other text. */
export function parseExpression(text: string): ScheduleExpression {
  const [, kind = '', inner = ''] = /^(cron|rate|at)\((.*)\)$/.exec(text) ?? [];
  if (!isKind(kind)) throw new Error(`"${text}" is not a schedule expression`);
  const problems: string[] = [];
  const expression = READERS[kind](inner, (message) => problems.push(message));
  if (!expression) throw new Error(`${text}: ${problems.join('; ')}`);
  return expression;
}

function isKind(kind: string): kind is keyof typeof READERS {
  return Object.hasOwn(READERS, kind);
}
