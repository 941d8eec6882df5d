import type { JSONValue } from '@jmespath-community/jmespath';
import type { Json } from '../api/json.ts';

/** What a `when` expression can read. Header names are in lower case. */
export interface FilterInput {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Json;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * Whether the expression is true of the delivery, in JMESPath's sense: not null, false or empty. Returns the error of
 * one that cannot be evaluated, such as `contains(body.labels, 'x')` where the body has no labels.
 */
export async function matches(expression: string, input: FilterInput): Promise<boolean | Error> {
  // A chunk of its own: functions without filters do not load it.
  const { search } = await import('@jmespath-community/jmespath');
  const headers = Object.entries(input.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  try {
    return isTrue(search({ ...input, headers: Object.fromEntries(headers) }, expression));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function isTrue(value: JSONValue): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== null && value !== false && value !== '';
}
