import { isMap, valueAt } from '../../config/leaf.ts';

/** Whether a value of an event meets a condition; the value is undefined where the event has none. */
type IsMet = (value: unknown) => boolean;

/**
 * Whether an event matches an EventBridge event pattern: at every key it must meet one of the conditions, at nested keys
 * likewise; of a list, one of its items. Throws, naming it, on an operator that is not imitated.
 */
export function matcherOf(pattern: unknown, path = ''): IsMet {
  if (!isMap(pattern)) throw new Error(`Event pattern ${path || 'of a rule'} is not an object`);
  const keys = Object.entries(pattern).map(([key, condition]) => {
    const place = path === '' ? key : `${path}.${key}`;
    // `$or` is the one operator that is a key.
    if (key.startsWith('$')) throw unknownOperator(key, place);
    const isMet = Array.isArray(condition) ? anyOf(condition, place) : matcherOf(condition, place);
    return { key, isMet };
  });
  return (event) =>
    keys.every(({ key, isMet }) => isMet(isMap(event) ? valueAt(event, key) : undefined));
}

function anyOf(conditions: readonly unknown[], place: string): IsMet {
  const any = conditions.map((condition) => conditionOf(condition, place));
  return (value) => [value].flat().some((item) => any.some((isMet) => isMet(item)));
}

/** A value, or an operator with its operand: `{ prefix: aws. }`. */
function conditionOf(condition: unknown, place: string): IsMet {
  if (!isMap(condition)) return (value) => value === condition;
  const [[operator, operand] = ['', undefined]] = Object.entries(condition);
  const isMet = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator]?.(operand) : undefined;
  if (!isMet) throw unknownOperator(operator, place);
  return isMet;
}

/** Undefined for an operand that is not imitated. The forms are EventBridge's ("Comparison operators"). */
const OPERATORS: Readonly<Record<string, (operand: unknown) => IsMet | undefined>> = {
  exists: (wanted) => (value) => (value !== undefined) === wanted,
  prefix: (start) => textThat(start, (text, wanted) => text.startsWith(wanted)),
  suffix: (end) => textThat(end, (text, wanted) => text.endsWith(wanted)),
  'equals-ignore-case': (operand) =>
    textThat(operand, (text, wanted) => text.toLowerCase() === wanted.toLowerCase()),
  'anything-but': (operand) => {
    if (isMap(operand)) return undefined;
    const others = [operand].flat();
    return (value) => value !== undefined && !others.includes(value);
  },
  numeric: (operand) => (Array.isArray(operand) ? numberThat(operand) : undefined),
};

function textThat(wanted: unknown, isMet: (text: string, wanted: string) => boolean) {
  if (typeof wanted !== 'string') return undefined;
  return (value: unknown) => typeof value === 'string' && isMet(value, wanted);
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `[">", 0, "<=", 5]` */
function numberThat(operand: readonly unknown[]): IsMet {
  const pairs = operand.flatMap((comparison, index) =>
    index % 2 === 0
      ? [{ isMet: COMPARISONS[String(comparison)], to: Number(operand[index + 1]) }]
      : [],
  );
  return (value) =>
    typeof value === 'number' && pairs.every(({ isMet, to }) => isMet?.(value, to) === true);
}

function unknownOperator(operator: string, place: string): Error {
  return new Error(
    `The local run cannot match the operator "${operator}" at ${place} of an event pattern in this form; a deployment can`,
  );
}
