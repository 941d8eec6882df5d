import type { JSONValue } from '@jmespath-community/jmespath';
import { expect, test } from 'vitest';
import { FilterTooSlowError, matches } from '../../../lambda/webhook/filter.ts';

function evaluate(when: string, body: JSONValue, limitMs?: number) {
  return matches(when, { headers: {}, query: {}, body }, limitMs);
}

const MIB = 1_048_576;
const numbers = Array.from({ length: 150_000 }, (_, index) => index);

test('a filter that is quadratic in a body of 1 MiB is stopped', async () => {
  expect(await evaluate('body[?contains($.body, @) == `false`]', numbers)).toEqual(
    new FilterTooSlowError(100),
  );
});

test.each<[string, JSONValue]>([
  ["contains(@.body, 'x')", 'y'.repeat(MIB)],
  ["body == '/test'", ' '.repeat(MIB)],
  ['body[?@ == `-1`]', numbers],
])('%s goes over a large body once, however slow the machine', async (when, body) => {
  expect(await evaluate(when, body, 10_000)).toBe(false);
});

test('an expression that fails gives the reason', async () => {
  expect(await evaluate("contains(body.labels, 'x')", {})).toBeInstanceOf(Error);
});
