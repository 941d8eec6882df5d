import type { Report } from './problem.ts';

/** One field of a cron expression: its numbers, their names, and how a message says what is allowed. */
export interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of min, min + 1 and so on. */
  readonly names: readonly string[];
  readonly allowed: string;
  /** EventBridge Scheduler documents no steps for the day of week. */
  readonly steps: boolean;
}

/** What a field stands for, and its text in the form that EventBridge Scheduler documents. */
export interface FieldValue {
  /** Ascending; absent: every number of the field. */
  readonly numbers?: readonly number[];
  readonly text: string;
}

const ITEM = /^(?:(\*)|([A-Z]+|\d+)(?:-([A-Z]+|\d+))?)(?:\/(\d+))?$/;

/** Reads values, lists, ranges (also around the end, as FRI-MON) and steps. */
export function readField(field: Field, text: string, report: Report): FieldValue | undefined {
  if (text === '*') return { text };
  let offset = 0;
  const items = text.split(',').map((item) => {
    const at = offset;
    offset += item.length + 1;
    return readItem(field, item, (message) => report(message, at));
  });
  if (!items.every((item) => item !== undefined)) return undefined;
  const numbers = [...new Set(items.flatMap((item) => item.numbers))].sort((a, b) => a - b);
  const isEvery = numbers.length > field.max - field.min;
  return { ...(!isEvery && { numbers }), text: items.map((item) => item.text).join(',') };
}

type Item = Required<FieldValue>;

function readItem(field: Field, item: string, report: Report): Item | undefined {
  const [found, star, first, last, step] = ITEM.exec(item) ?? [];
  if (found === undefined || (star && !step)) return refuse(field, item, report);
  const from = star ? field.min : toNumber(field, first);
  const to = last === undefined ? (step ? field.max : from) : toNumber(field, last);
  if (from === undefined || to === undefined) return refuse(field, item, report);
  if (step !== undefined) return readStep(field, item, { from, to, step: Number(step) }, report);
  const numbers = range(field, from, to);
  return { numbers, text: from > to ? numbers.join(',') : item };
}

function readStep(
  field: Field,
  item: string,
  { from, to, step }: { from: number; to: number; step: number },
  report: Report,
): Item | undefined {
  if (!field.steps) {
    report(`${field.name}: steps ("${item}") are not supported here; list the days instead`);
    return undefined;
  }
  const most = field.max - field.min;
  if (step < 1 || step > most) {
    report(`${field.name}: the step of "${item}" is out of range; allowed: 1-${most}`);
    return undefined;
  }
  const numbers = range(field, from, to).filter((_, index) => index % step === 0);
  if (from > to) return { numbers, text: numbers.join(',') };
  return { numbers, text: item.replace('*', String(field.min)) };
}

function refuse(field: Field, item: string, report: Report): undefined {
  const what = wrong(item);
  report(`${field.name}: ${what}; allowed: ${field.allowed}`);
  return undefined;
}

function wrong(item: string): string {
  if (item === '') return 'an entry of the list is empty';
  return /^\d+(-\d+)?$/.test(item) ? `"${item}" is out of range` : `"${item}" is not valid here`;
}

/** The number that a number or name in capitals stands for, when it lies in the field's range. */
export function toNumber(field: Field, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const index = field.names.indexOf(text);
  const number = index >= 0 ? field.min + index : /^\d{1,4}$/.test(text) ? Number(text) : -1;
  return number >= field.min && number <= field.max ? number : undefined;
}

function range({ min, max }: Field, from: number, to: number): number[] {
  return from <= to ? sequence(from, to) : [...sequence(from, max), ...sequence(min, to)];
}

function sequence(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
