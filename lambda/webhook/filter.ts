import { isNativeError } from 'node:util/types';
import { runInNewContext } from 'node:vm';
import type { JSONValue } from '@jmespath-community/jmespath';
import type { Json } from '../api/json.ts';

/** What a `when` expression reads. Header names are in lower case. */
export interface FilterInput {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Json;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * The most that one filter may take: the sender chooses the body, and an expression may be quadratic in it. The
 * functions that are allowed take 20 to 200 ms for 1 MiB on one core.
 */
const FILTER_LIMIT_MS = 500;

/**
 * Whether the expression is true of the delivery, in JMESPath's sense: not null, false or empty. One that cannot be
 * evaluated, such as `contains(body.labels, 'x')` of a body without labels, gives its error instead; one that takes
 * longer than 500 ms gives a FilterTooSlowError.
 */
export async function matches(expression: string, input: FilterInput): Promise<boolean | Error> {
  // A chunk of its own: functions without filters do not load it.
  const { search } = await import('@jmespath-community/jmespath');
  const data = { ...input, headers: present(input.headers) };
  try {
    // V8 itself ends the run: a timer would wait until the filter gives the event loop back.
    const evaluate = () => isTrue(search(data, expression));
    return runInNewContext('evaluate()', { evaluate }, { timeout: FILTER_LIMIT_MS });
  } catch (error) {
    // An error of the other context is not an instance of this one's Error.
    if (!isNativeError(error)) return new Error(String(error));
    const isTimeout = 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    return isTimeout ? new FilterTooSlowError() : error;
  }
}

/** A filter was stopped: whether the delivery should fire is not known. */
export class FilterTooSlowError extends Error {
  override readonly name = 'FilterTooSlowError';

  constructor() {
    super(`when took longer than ${FILTER_LIMIT_MS} ms for this body: use a simpler expression`);
  }
}

function present(headers: FilterInput['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

function isTrue(value: JSONValue): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== null && value !== false && value !== '';
}
