import type { JSONValue } from '@jmespath-community/jmespath';

/** What a `when` expression looks at. Header names are in lower case. */
export interface FilterInput {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: JSONValue;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * Whether the expression is true of the delivery, in JMESPath's sense: not null, false or empty. One that cannot be
 * evaluated, such as `contains(body.labels, 'x')` of a body without labels, gives its error instead.
 */
export async function matches(expression: string, input: FilterInput): Promise<boolean | Error> {
  // A chunk of its own: functions without filters do not load it.
  const { search } = await import('@jmespath-community/jmespath');
  try {
    return isTrue(search({ ...input, headers: present(input.headers) }, expression));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
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
