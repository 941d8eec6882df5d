import { didYouMean } from '../../lambda/api/did-you-mean.ts';
import { type Found, isMap } from './leaf.ts';

/** The keys of every event. Another one at the top of a pattern would match nothing. */
const ENVELOPE = [
  ...['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources'],
  'detail',
];

/** EventBridge's quota "Event pattern size", in characters of its JSON. */
const MOST_CHARACTERS = 2048;

/**
 * What EventBridge would refuse in an event pattern, or what could match no event ("Comparison operators for use in
 * event patterns" in its user guide). Paths begin at the pattern.
 */
export function patternFaults(pattern: object): Found[] {
  const at = (key: string, message: string) => [{ path: [key], message }];
  const keys = Object.keys(pattern);
  if (keys.length === 0)
    return [{ path: [], message: 'is empty and would match nothing; name at least a source' }];
  const unknown = keys.filter((key) => key !== '$or' && !ENVELOPE.includes(key));
  const { length } = JSON.stringify(pattern);
  return [
    ...unknown.flatMap((key) =>
      at(
        key,
        `is not a key of an event${didYouMean(key, ENVELOPE) || `; allowed: ${ENVELOPE.join(', ')}`}`,
      ),
    ),
    ...(length > MOST_CHARACTERS
      ? [{ path: [], message: `has ${length} characters as JSON; allowed: ${MOST_CHARACTERS}` }]
      : []),
    ...mapFaults(pattern, []),
  ];
}

function mapFaults(pattern: object, path: readonly PropertyKey[]): Found[] {
  return Object.entries(pattern).flatMap(([key, condition]) => {
    const place = [...path, key];
    if (key === '$or') return alternativeFaults(condition, place);
    if (isMap(condition)) {
      const isEmpty = Object.keys(condition).length === 0;
      return isEmpty ? [{ path: place, message: 'is empty' }] : mapFaults(condition, place);
    }
    if (!Array.isArray(condition)) {
      const message = `must be a list of the values that match: [${JSON.stringify(condition)}]`;
      return [{ path: place, message }];
    }
    if (condition.length === 0)
      return [{ path: place, message: 'is empty and would match nothing; write a value' }];
    return condition.flatMap((value, index) => valueFaults(value, [...place, index]));
  });
}

function alternativeFaults(condition: unknown, path: readonly PropertyKey[]): Found[] {
  const isList = Array.isArray(condition) && condition.length > 1 && condition.every(isMap);
  if (!isList) return [{ path, message: 'must be a list of at least two patterns' }];
  return condition.flatMap((each, index) => mapFaults(each, [...path, index]));
}

function valueFaults(value: unknown, path: readonly PropertyKey[]): Found[] {
  if (isScalar(value)) return [];
  if (!isMap(value)) return [{ path, message: 'must be a value or an operator, not a list' }];
  const operators = Object.entries(value);
  const [[name, operand] = ['', undefined], ...more] = operators;
  if (operators.length === 0 || more.length > 0)
    return [{ path, message: 'must have exactly one operator' }];
  if (!Object.hasOwn(OPERATORS, name)) {
    const known = Object.keys(OPERATORS);
    const message = `is not an operator of EventBridge${didYouMean(name, known) || `; allowed: ${known.join(', ')}`}`;
    return [{ path: [...path, name], message }];
  }
  const wanted = OPERATORS[name]?.(operand);
  return wanted === undefined ? [] : [{ path: [...path, name], message: `must be ${wanted}` }];
}

/** What an operator takes instead, or undefined where this is right. */
type CheckOperand = (operand: unknown) => string | undefined;

const OPERATORS: Readonly<Record<string, CheckOperand>> = {
  prefix: affix,
  suffix: affix,
  'equals-ignore-case': (operand) => (isText(operand) ? undefined : 'a text'),
  wildcard: (operand) =>
    isText(operand) && !operand.includes('**') ? undefined : 'a text without two * in a row',
  exists: (operand) => (typeof operand === 'boolean' ? undefined : 'true or false'),
  cidr: (operand) =>
    isText(operand) && /^[0-9a-f.:]+\/\d{1,3}$/i.test(operand)
      ? undefined
      : 'a range of addresses, such as 10.0.0.0/24',
  numeric,
  'anything-but': anythingBut,
};

function affix(operand: unknown): string | undefined {
  const isFolded =
    isMap(operand) &&
    Object.keys(operand).join() === 'equals-ignore-case' &&
    Object.values(operand).every(isText);
  return isText(operand) || isFolded ? undefined : 'a text, or { equals-ignore-case: text }';
}

function numeric(operand: unknown): string | undefined {
  const wanted = 'one comparison or two, such as [">", 0, "<=", 5]';
  if (!Array.isArray(operand) || ![2, 4].includes(operand.length)) return wanted;
  const isRight = operand.every((item, index) =>
    index % 2 === 0 ? ['=', '<', '<=', '>', '>='].includes(item) : typeof item === 'number',
  );
  return isRight ? undefined : wanted;
}

function anythingBut(operand: unknown): string | undefined {
  const items = [operand].flat();
  const isOneKind = ['string', 'number'].some((type) =>
    items.every((item) => typeof item === type),
  );
  if (items.length > 0 && isOneKind) return undefined;
  const isNested =
    isMap(operand) &&
    ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(Object.keys(operand).join()) &&
    Object.values(operand).flat().every(isText);
  return isNested ? undefined : 'a text, a number, a list of one kind, or { prefix: text }';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
