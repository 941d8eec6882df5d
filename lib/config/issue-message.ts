import type * as z from 'zod';
import { didYouMean } from '../../lambda/api/did-you-mean.ts';

type Issue = z.core.$ZodRawIssue;

const KIND: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of names and values',
};

/** What is wrong and what is allowed, in words, for what the schema itself does not say. */
export function issueMessage(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, issue.input);
    case 'invalid_value':
      return notAllowed(issue.input, issue.values.map(String));
    case 'invalid_union':
      return typeof issue.discriminator === 'string' && Array.isArray(issue.options)
        ? notAllowed(Object(issue.input)[issue.discriminator], issue.options.map(String))
        : undefined;
    case 'too_small':
      return `is out of range; allowed: at least ${issue.minimum}`;
    case 'too_big':
      return `is ${issue.origin === 'number' || issue.origin === 'int' ? 'out of range' : 'too long'}; allowed: at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    default:
      return undefined;
  }
}

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

/** Why a key is not one of those that its map may have. */
export function unknownKey(key: string, known: readonly string[]): string {
  return `is not a known key${didYouMean(key, known) || `; allowed: ${known.join(', ')}`}`;
}

function wrongType(expected: string, input: unknown): string {
  const allowed = KIND[expected] ?? expected;
  if (input === undefined) return `is missing; it must be ${allowed}`;
  if (input === null) return `has no value; it must be ${allowed}`;
  return `must be ${allowed}, not ${nameOf(input)}`;
}

function nameOf(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a map';
  return typeof input === 'string' ? `the text "${cut(input)}"` : `the ${typeof input} ${input}`;
}

function notAllowed(input: unknown, values: readonly string[]): string {
  if (input === undefined) return `is missing; allowed: ${values.join(', ')}`;
  const guess = typeof input === 'string' ? didYouMean(input, values) : '';
  return `${cut(JSON.stringify(input))} is not allowed${guess || `; allowed: ${values.join(', ')}`}`;
}

/** Enough of a text to recognise it. */
function cut(text: string): string {
  return text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text;
}

const MOST_QUOTED = 80;
