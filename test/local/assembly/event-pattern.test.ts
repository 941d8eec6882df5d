import { expect, test } from 'vitest';
import { matches, readPattern } from '../../../lib/local/assembly/event-pattern.ts';

const PATTERN = {
  source: ['a', 'b'],
  detail: { kind: ['failed'], repeated: [false], told_in: [{ exists: false }] },
};

test.each([
  [
    true,
    'every key has one of its values',
    { source: 'b', detail: { kind: 'failed', repeated: false, more: 1 } },
  ],
  [
    true,
    'a list has one of the values',
    { source: 'a', detail: { kind: ['x', 'failed'], repeated: false } },
  ],
  [false, 'a value is another', { source: 'c', detail: { kind: 'failed', repeated: false } }],
  [false, 'a nested value is another', { source: 'a', detail: { kind: 'failed', repeated: true } }],
  [
    false,
    'a key is there that must not be',
    { source: 'a', detail: { kind: 'failed', repeated: false, told_in: 'x' } },
  ],
  [false, 'a key is absent', { source: 'a', detail: { kind: 'failed' } }],
  [false, 'an object is absent', { source: 'a' }],
])('it is %s that an event matches when %s', (expected, _, event) => {
  expect(matches(readPattern(PATTERN), event)).toBe(expected);
});

test.each([
  [{ source: [{ prefix: 'run-' }] }, '"prefix" at source'],
  [{ detail: { kind: [{ 'anything-but': ['passed'] }] } }, '"anything-but" at detail.kind'],
  [{ detail: { $or: [{ kind: ['a'] }] } }, '"$or" at detail.$or'],
])('%j is refused by name', (pattern, place) => {
  expect(() => readPattern(pattern)).toThrow(
    `The local run cannot match the operator ${place} of an event pattern: only exact values and exists: false`,
  );
});
