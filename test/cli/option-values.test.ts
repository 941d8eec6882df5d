import { afterEach, expect, test, vi } from 'vitest';
import { readSince, readSpan, readUntil } from '../../lib/cli/option-values.ts';

const NOW = new Date('2026-11-24T10:00:00Z');
afterEach(() => vi.unstubAllEnvs());

test.each([
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  ['1w', 604_800_000],
])('%s is %i ms', (text, milliseconds) => {
  expect(readSpan(text)).toBe(milliseconds);
});

test.each(['', '0s', '1', '1.5h', '-1h', '1 h', '9999999d'])('%j is no span', (text) => {
  expect(() => readSpan(text)).toThrow('It must be a whole number and a unit');
});

test.each([
  ['12h', '2026-11-23T22:00:00.000Z'],
  ['2026-11-24T02:00:00+01:00', '2026-11-24T01:00:00.000Z'],
  ['2026-11-24', '2026-11-23T23:00:00.000Z'],
  ['2026-11-24T02:00', '2026-11-24T01:00:00.000Z'],
  ['yesterday', '2026-11-22T23:00:00.000Z'],
  ['1w', '2026-11-17T10:00:00.000Z'],
])('in Berlin, since %s is since %s', (text, expected) => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  expect(readSince(text)(NOW).toISOString()).toBe(expected);
});

test.each(['tomorrow', '2026-11-24T10:00:01Z'])('since %s, in the future, is refused', (text) => {
  expect(() => readSince(text)(NOW)).toThrow('--since is in the future (2026-11-2');
});

test.each([
  ['2h', '2026-11-24T12:00:00.000Z'],
  ['2026-11-25T08:00:00Z', '2026-11-25T08:00:00.000Z'],
  ['2026-11-25', '2026-11-24T23:00:00.000Z'],
  ['tomorrow', '2026-11-24T23:00:00.000Z'],
])('in Berlin, until %s is until %s', (text, expected) => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  expect(readUntil(text)(NOW).toISOString()).toBe(expected);
});

test.each(['some day', '2026-11-31', '2026-11-25T25:00:00'])('%j is no moment', (text) => {
  expect(() => readUntil(text)).toThrow('It must be like 2h, 3d, tomorrow, 2026-11-24');
  expect(() => readSince(text)).toThrow('It must be like 7d, 12h, yesterday, 2026-11-24');
});
