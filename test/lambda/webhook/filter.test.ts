import type { JSONValue } from '@jmespath-community/jmespath';
import { expect, test } from 'vitest';
import { FilterTooSlowError, matches } from '../../../lambda/webhook/filter.ts';

function evaluate(when: string, body: JSONValue) {
  return matches(when, { headers: {}, query: {}, body });
}

const MIB = 1_048_576;
const numbers = Array.from({ length: 150_000 }, (_, index) => index);

test('a filter that is quadratic in a body of 1 MiB is stopped', async () => {
  expect(await evaluate('body[?contains($.body, @) == `false`]', numbers)).toEqual(
    new FilterTooSlowError(),
  );
});

test.each<[string, JSONValue]>([
  ["contains(@.body, 'x')", 'y'.repeat(MIB)],
  ["body == '/test'", ' '.repeat(MIB)],
  ['body[?@ == `-1`]', numbers.slice(0, 50_000)],
])('%s of a large body is answered', async (when, body) => {
  expect(await evaluate(when, body)).toBe(false);
});

test('an expression that fails gives the reason', async () => {
  expect(await evaluate("contains(body.labels, 'x')", {})).toBeInstanceOf(Error);
});
