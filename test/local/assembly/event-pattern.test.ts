import { expect, test } from 'vitest';
import { matcherOf } from '../../../lib/local/assembly/event-pattern.ts';

const PATTERN = { source: ['a', 'b'], detail: { kind: ['failed'], repeated: [false] } };

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
  [false, 'a key is absent', { source: 'a', detail: { kind: 'failed' } }],
  [false, 'an object is absent', { source: 'a' }],
])('it is %s that an event matches when %s', (expected, _, event) => {
  expect(matcherOf(PATTERN)(event)).toBe(expected);
});

// condition, a value that meets it, one that does not
test.each([
  [{ prefix: 'run-' }, 'run-test', 'test'],
  [{ suffix: '.zip' }, 'a.zip', 'a.tar'],
  [{ 'equals-ignore-case': 'Main' }, 'mAIN', 'mains'],
  [{ 'anything-but': ['passed', 'x'] }, 'failed', 'passed'],
  [{ 'anything-but': 'passed' }, 'failed', undefined],
  [{ numeric: ['>', 0, '<=', 5] }, 5, 0],
  [{ numeric: ['=', 3] }, 3, '3'],
  [{ exists: true }, null, undefined],
  [{ exists: false }, undefined, 1],
  [null, null, undefined],
])('%j is met by %j and not by %j', (condition, right, wrong) => {
  const matches = matcherOf({ detail: { kind: [condition] } });
  expect(matches({ detail: { kind: right } })).toBe(true);
  expect(matches({ detail: { kind: wrong } })).toBe(false);
});

test.each([
  [{ source: [{ wildcard: 'run-*' }] }, '"wildcard" at source'],
  [{ detail: { ip: [{ cidr: '10.0.0.0/8' }] } }, '"cidr" at detail.ip'],
  [{ detail: { kind: [{ 'anything-but': { prefix: 'x' } }] } }, '"anything-but" at detail.kind'],
  [{ detail: { $or: [{ kind: ['a'] }] } }, '"$or" at detail.$or'],
])('%j is refused by name', (pattern, place) => {
  expect(() => matcherOf(pattern)).toThrow(
    `The local run cannot match the operator ${place} of an event pattern in this form; a deployment can`,
  );
});
