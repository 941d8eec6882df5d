import { isNativeError } from 'node:util/types';
import { runInNewContext } from 'node:vm';
import type { JSONValue } from '@jmespath-community/jmespath';
import type { Json } from '../api/json.ts';

/** What a `when` expression reads. Header names are in lower case. */
export interface FilterInput {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * The most that one filter may take: the sender chooses the body, and an expression may be quadratic in it. One pass
 * over a body of 1 MiB takes 10 to 70 ms of a core; what a filter usually reads is a thousandth of that.
 */
const FILTER_LIMIT_MS = 100;
/** So much longer it may take by the clock where the machine, or Lambda's share of a core, is busy with something else. */
const BUSY_FACTOR = 10;

/**
 * Whether the expression is true of the delivery, in JMESPath's sense: not null, false or empty. One that cannot be
 * evaluated, such as `contains(body.labels, 'x')` of a body without labels, gives its error instead; one that takes
 * longer than the limit gives a FilterTooSlowError.
 */
export async function matches(
  expression: string,
  input: FilterInput,
  limitMs = FILTER_LIMIT_MS,
): Promise<boolean | Error> {
  const search = await loadSearch();
  const evaluate = () => isTrue(search({ ...input }, expression));
  const before = process.threadCpuUsage();
  const result = runWithin(evaluate, limitMs);
  if (!(result instanceof FilterTooSlowError)) return result;
  const { user, system } = process.threadCpuUsage(before);
  const hadItsCore = user + system > (limitMs * 1000) / 2;
  return hadItsCore ? result : runWithin(evaluate, BUSY_FACTOR * limitMs);
}

/** V8 itself ends the run: a timer would wait until the filter gives the event loop back. */
function runWithin(evaluate: () => boolean, limitMs: number): boolean | Error {
  try {
    return runInNewContext('evaluate()', { evaluate }, { timeout: limitMs });
  } catch (error) {
    // An error of the other context is not an instance of this one's Error.
    if (!isNativeError(error)) return new Error(String(error));
    const isTimeout = 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    return isTimeout ? new FilterTooSlowError(limitMs) : error;
  }
}

async function loadSearch() {
  // A chunk of its own: functions without filters do not load it.
  const { search, registerFunction, TYPE_ANY, TYPE_ARRAY, TYPE_STRING } = await import(
    '@jmespath-community/jmespath'
  );
  const signature = [{ types: [TYPE_STRING, TYPE_ARRAY] }, { types: [TYPE_ANY] }];
  registerFunction('contains', contains, signature, { override: true });
  return search;
}

/** As the library's own, which the engine searches texts for: see `includesText`. */
function contains([subject, sought]: unknown[]): boolean | null {
  if (Array.isArray(subject)) return subject.includes(sought);
  if (typeof subject !== 'string' || typeof sought !== 'string') return null;
  return includesText(subject, sought);
}

/** A filter was stopped: whether the delivery should fire is not known. */
export class FilterTooSlowError extends Error {
  override readonly name = 'FilterTooSlowError';

  constructor(limitMs: number) {
    super(`when took longer than ${limitMs} ms for this body: use a simpler expression`);
  }
}

function isTrue(value: JSONValue): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== null && value !== false && value !== '';
}

/** The engine's own search is the fastest, and compares no character of the text more often than this. */
const SHORT = 32;

/**
 * Whether a text has this part, in one pass (Knuth, Morris and Pratt). The engine's own search takes a minute for some
 * pairs of long texts, and V8 cannot end it.
 */
function includesText(text: string, part: string): boolean {
  if (part.length <= SHORT) return text.includes(part);
  /** By a place in the part: how much of its beginning ends there as well. */
  const borders = new Int32Array(part.length);
  const grow = (matched: number, code: number): number => {
    let length = matched;
    while (length > 0 && part.charCodeAt(length) !== code) length = borders[length - 1] ?? 0;
    return part.charCodeAt(length) === code ? length + 1 : 0;
  };
  for (let at = 1, matched = 0; at < part.length; at += 1) {
    matched = grow(matched, part.charCodeAt(at));
    borders[at] = matched;
  }
  for (let at = 0, matched = 0; at < text.length; at += 1) {
    matched = grow(matched, text.charCodeAt(at));
    if (matched === part.length) return true;
  }
  return false;
}
