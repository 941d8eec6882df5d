import * as z from 'zod';
import { didYouMean } from '../../lambda/api/did-you-mean.ts';
import { type Found, isMap } from './leaf.ts';

/** The keys of every event. Another one at the top of a pattern would match nothing. */
const ENVELOPE = [
  'version',
  'id',
  'detail-type',
  'source',
  'account',
  'time',
  'region',
  'resources',
  'detail',
];

/** EventBridge's quota "Event pattern size", in characters of its JSON. */
const MOST_CHARACTERS = 2048;

/**
 * What EventBridge would refuse in an event pattern, or what could match no event ("Comparison operators for use in
 * event patterns" in its user guide). Paths begin at the pattern.
 */
export function patternFaults(pattern: object): Found[] {
  const keys = Object.keys(pattern);
  if (keys.length === 0)
    return [{ path: [], message: 'is empty and would match nothing; name at least a source' }];
  const unknown = keys.filter((key) => key !== '$or' && !ENVELOPE.includes(key));
  const { length } = JSON.stringify(pattern);
  return [
    ...unknown.map((key) => ({
      path: [key],
      message: `is not a key of an event${didYouMean(key, ENVELOPE) || `; allowed: ${ENVELOPE.join(', ')}`}`,
    })),
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
  if (Array.isArray(value))
    return [{ path, message: 'must be a value or an operator, not a list' }];
  if (!isMap(value)) return [];
  const operators = Object.entries(value);
  const [[name, operand] = ['', undefined], ...more] = operators;
  if (operators.length === 0 || more.length > 0)
    return [{ path, message: 'must have exactly one operator' }];
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!operator) {
    const known = Object.keys(OPERATORS);
    const message = `is not an operator of EventBridge${didYouMean(name, known) || `; allowed: ${known.join(', ')}`}`;
    return [{ path: [...path, name], message }];
  }
  const [wanted, schema] = operator;
  if (schema.safeParse(operand).success) return [];
  return [{ path: [...path, name], message: `must be ${wanted}` }];
}

const text = z.string().min(1);
const texts = z.union([text, z.array(text)]);
const affix = [
  'a text, or { equals-ignore-case: text }',
  z.union([text, z.strictObject({ 'equals-ignore-case': text })]),
] as const;
const comparison = [z.enum(['=', '<', '<=', '>', '>=']), z.number()] as const;

/** What each operator takes. */
const OPERATORS: Readonly<Record<string, readonly [wanted: string, z.ZodType]>> = {
  prefix: affix,
  suffix: affix,
  'equals-ignore-case': ['a text', text],
  wildcard: ['a text without two * in a row', text.regex(/^(?!.*\*\*)/s)],
  exists: ['true or false', z.boolean()],
  cidr: ['a range of addresses, such as 10.0.0.0/24', z.string().regex(/^[0-9a-f.:]+\/\d{1,3}$/i)],
  numeric: [
    'one comparison or two, such as [">", 0, "<=", 5]',
    z.union([z.tuple(comparison), z.tuple([...comparison, ...comparison])]),
  ],
  'anything-but': [
    'a text, a number, a list of one kind, or { prefix: text }',
    z.union([
      z.union([z.string(), z.number()]),
      z.union([z.array(z.string()).min(1), z.array(z.number()).min(1)]),
      z
        .strictObject({
          prefix: texts,
          suffix: texts,
          'equals-ignore-case': texts,
          wildcard: texts,
        })
        .partial()
        .refine((operators) => Object.keys(operators).length === 1),
    ]),
  ],
};
