import { isDeepStrictEqual } from 'node:util';

/**
 * An EventBridge event pattern of exact values and `exists`: every key must have one of its values, nested keys likewise.
 * A key that must not be there has the value undefined.
 */
export interface EventPattern {
  readonly [key: string]: readonly Scalar[] | EventPattern;
}

type Scalar = string | number | boolean | null | undefined;

/** Reads a rule's pattern. Throws, naming it, on an operator such as prefix or anything-but. */
export function readPattern(value: unknown, path = ''): EventPattern {
  if (!isRecord(value)) throw new Error(`Event pattern ${path || 'of a rule'} is no object`);
  return Object.fromEntries(
    Object.entries(value).map(([key, condition]) => {
      const place = path === '' ? key : `${path}.${key}`;
      // `$or` is the one operator that is a key.
      if (key.startsWith('$')) throw unknownOperator(key, place);
      return [
        key,
        Array.isArray(condition)
          ? condition.map((item) => readValue(item, place))
          : readPattern(condition, place),
      ];
    }),
  );
}

/** Whether the event has one of the values at every key of the pattern; of a list, one of its items. */
export function matches(pattern: EventPattern, event: unknown): boolean {
  if (!isRecord(event)) return false;
  return Object.entries(pattern).every(([key, condition]) => {
    const value = event[key];
    return isValues(condition)
      ? [value].flat().some((item) => condition.some((allowed) => allowed === item))
      : matches(condition, value);
  });
}

function readValue(item: unknown, place: string): Scalar {
  if (isScalar(item)) return item;
  if (isDeepStrictEqual(item, { exists: false })) return undefined;
  const [operator = ''] = isRecord(item) ? Object.keys(item) : [];
  throw unknownOperator(operator, place);
}

function unknownOperator(operator: string, place: string): Error {
  return new Error(
    `The local run cannot match the operator "${operator}" at ${place} of an event pattern: only exact values and exists: false`,
  );
}

function isScalar(item: unknown): item is Scalar {
  return item === null || ['string', 'number', 'boolean'].includes(typeof item);
}

function isValues(condition: readonly Scalar[] | EventPattern): condition is readonly Scalar[] {
  return Array.isArray(condition);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
