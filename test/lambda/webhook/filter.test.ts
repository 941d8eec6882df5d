import type { JSONValue } from '@jmespath-community/jmespath';
import { expect, test } from 'vitest';
import { FilterTooSlowError, matches } from '../../../lambda/webhook/filter.ts';

function evaluate(when: string, body: JSONValue, limitMs?: number) {
  return matches(when, { headers: {}, query: {}, body }, limitMs);
}

const MIB = 1_048_576;
const numbers = Array.from({ length: 150_000 }, (_, index) => index);

test('a filter that is quadratic in a body of 1 MiB is stopped', async () => {
  expect(await evaluate('body[?contains($.body, @) == `false`]', numbers)).toBeInstanceOf(
    FilterTooSlowError,
  );
});

test.each<[string, JSONValue]>([
  ["contains(@.body, 'x')", 'y'.repeat(MIB)],
  ["body == '/test'", ' '.repeat(MIB)],
  ['body[?@ == `-1`]', numbers],
])('%s goes over a large body once, however slow the machine', async (when, body) => {
  expect(await evaluate(when, body, 10_000)).toBe(false);
});

test.each<[string, string, string, boolean]>([
  ['of which the other is part', `${'ab'.repeat(50)}c`, `${'ab'.repeat(20)}c`, true],
  ['that begin alike only', 'ab'.repeat(50), `${'ab'.repeat(20)}c`, false],
  ['with a beginning that repeats later', `${'aab'.repeat(30)}aac`, `${'aab'.repeat(15)}aac`, true],
  ['that are the same', '世界👍'.repeat(20), '世界👍'.repeat(20), true],
  ['of which the other is longer', 'a'.repeat(40), 'a'.repeat(41), false],
  ['of which the other is short', 'a test b', 'test', true],
  ['of which the other is empty', 'a', '', true],
])('contains tells of texts %s', async (_name, text, part, found) => {
  expect(await evaluate('contains(body.text, body.part)', { text, part })).toBe(found);
});

test('contains goes once over texts for which the engine takes a minute', async () => {
  const half = 'a'.repeat(MIB / 8);
  const body = { text: half.repeat(4), part: `${half}b${half}` };
  expect(await evaluate('contains(body.text, body.part)', body, 5_000)).toBe(false);
});

test('contains tells of lists as before, and of a number nothing', async () => {
  expect(await evaluate("contains(body, 'a')", ['b', 'a'])).toBe(true);
  expect(await evaluate("contains(body, 'a')", [1])).toBe(false);
  expect(await evaluate("contains('1', body)", 1)).toBe(false);
});

test('an expression that fails gives the reason', async () => {
  expect(await evaluate("contains(body.labels, 'x')", {})).toBeInstanceOf(Error);
});
