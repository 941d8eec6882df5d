import type { Report } from './problem.ts';

/** What one place of a cron expression may hold; `min` and `max` are included. */
export interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of min, min + 1 and so on. */
  readonly names: readonly string[];
  /** What may be written, for messages. */
  readonly allowed: string;
  /** EventBridge Scheduler documents no steps for the day of week. */
  readonly steps: boolean;
  /** Whether a range may go around the end, as FRI-MON. */
  readonly cyclic: boolean;
}

/** A field without names, in which steps and ranges around the end are allowed. */
export function numeric(name: string, min: number, max: number): Field {
  return {
    name,
    min,
    max,
    names: [],
    steps: true,
    cyclic: true,
    allowed: `${min}-${max} with , - * /`,
  };
}

/** A field of an expression as written: its text in capitals and a report that knows its place. */
export interface WrittenField {
  readonly text: string;
  readonly report: Report;
}

/** What a field means, and its text in the form that EventBridge Scheduler documents. */
export interface FieldValue {
  /** Ascending; absent: every number of the field. */
  readonly numbers?: readonly number[];
  readonly text: string;
}

const ITEM = /^(?:(\*)|([A-Z]+|\d+)(?:-([A-Z]+|\d+))?)(?:\/(\d+))?$/;

/** Reads values, lists, ranges (also around the end, as FRI-MON) and steps. */
export function readField(field: Field, { text, report }: WrittenField): FieldValue | undefined {
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
  const from = star ? field.min : toNumber(field, first);
  const to = last !== undefined ? toNumber(field, last) : step ? field.max : from;
  const refuse = (fault: string) => report(`${field.name}: ${fault}`);
  if (found === undefined || (star && !step) || from === undefined || to === undefined)
    return refuse(`${wrong(item)}; allowed: ${field.allowed}`);
  if (step && !field.steps)
    return refuse(`steps ("${item}") are not supported here; list the days instead`);
  if (from > to && !field.cyclic) return refuse(`"${item}" runs backwards; write ${last}-${first}`);
  const every = Number(step ?? 1);
  const most = field.max - field.min;
  if (every < 1 || every > most)
    return refuse(`the step of "${item}" is out of range; allowed: 1-${most}`);
  const numbers = range(field, from, to).filter((_, index) => index % every === 0);
  return { numbers, text: from > to ? numbers.join(',') : item.replace('*', String(field.min)) };
}

function wrong(item: string): string {
  if (item === '') return 'an entry of the list is empty';
  return /^\d+(-\d+)?$/.test(item) ? `"${item}" is out of range` : `"${item}" is not valid here`;
}

/** The number of a number or a name in capitals, if it is in the field's range. */
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
