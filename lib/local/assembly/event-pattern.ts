/** An EventBridge event pattern: every key must meet one of its conditions, nested keys likewise. */
export interface EventPattern {
  readonly [key: string]: readonly Condition[] | EventPattern;
}

/** A value, or an operator with its operand: `{ prefix: aws. }`. */
type Condition = string | number | boolean | null | Readonly<Record<string, unknown>>;

/** Whether a value of an event meets a condition; the value is undefined where the event has none. */
type IsMet = (value: unknown) => boolean;

/** Reads a rule's pattern. Throws, naming it, on an operator that is not imitated. */
export function readPattern(value: unknown, path = ''): EventPattern {
  if (!isRecord(value)) throw new Error(`Event pattern ${path || 'of a rule'} is not an object`);
  return Object.fromEntries(
    Object.entries(value).map(([key, condition]) => {
      const place = path === '' ? key : `${path}.${key}`;
      // `$or` is the one operator that is a key.
      if (key.startsWith('$')) throw unknownOperator(key, place);
      return [
        key,
        Array.isArray(condition)
          ? condition.map((item) => readCondition(item, place))
          : readPattern(condition, place),
      ];
    }),
  );
}

/** Whether the event meets one of the conditions at every key of the pattern; of a list, one of its items. */
export function matches(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([key, condition]) => {
    const value = isRecord(event) ? event[key] : undefined;
    if (!isConditions(condition)) return matches(condition, value);
    return [value].flat().some((item) => condition.some((one) => isMetBy(one)?.(item) === true));
  });
}

function readCondition(item: unknown, place: string): Condition {
  if (isScalar(item) || (isRecord(item) && isMetBy(item))) return item;
  throw unknownOperator(Object.keys(Object(item))[0] ?? '', place);
}

/** Undefined for an operator that is not imitated. */
function isMetBy(condition: Condition): IsMet | undefined {
  if (isScalar(condition)) return (value) => value === condition;
  const [[operator, operand] = ['', undefined]] = Object.entries(condition);
  return Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator]?.(operand) : undefined;
}

/** Undefined for an operand that is not imitated. The forms are EventBridge's ("Comparison operators"). */
const OPERATORS: Readonly<Record<string, (operand: unknown) => IsMet | undefined>> = {
  exists: (wanted) => (value) => (value !== undefined) === wanted,
  prefix: (start) => textThat(start, (text, wanted) => text.startsWith(wanted)),
  suffix: (end) => textThat(end, (text, wanted) => text.endsWith(wanted)),
  'equals-ignore-case': (operand) =>
    textThat(operand, (text, wanted) => text.toLowerCase() === wanted.toLowerCase()),
  'anything-but': (operand) => {
    if (isRecord(operand)) return undefined;
    const others = [operand].flat();
    return (value) => value !== undefined && !others.includes(value);
  },
  numeric: (operand) => (Array.isArray(operand) ? numberThat(operand) : undefined),
};

function textThat(
  wanted: unknown,
  isMet: (text: string, wanted: string) => boolean,
): IsMet | undefined {
  if (typeof wanted !== 'string') return undefined;
  return (value) => typeof value === 'string' && isMet(value, wanted);
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

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isConditions(
  condition: readonly Condition[] | EventPattern,
): condition is readonly Condition[] {
  return Array.isArray(condition);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
