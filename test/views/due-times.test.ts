import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { NamedSchedule } from '../../lambda/schedule/schedule.ts';
import { dueTimes, timesAhead } from '../../lib/views/due-times.ts';
import { NIGHTLY } from '../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../support/memory-ledger.ts';
import { recordNights } from '../support/recorded-nights.ts';

const EARLY = {
  name: 'early',
  expression: 'cron(0 1 * * ? *)',
  times: { kind: 'cron', minutes: [0], hours: [1] },
  timezone: 'UTC',
  flexibleWindowMinutes: 0,
  enabled: true,
} as const;
const HOURLY = {
  ...EARLY,
  expression: 'rate(1 hour)',
  times: { kind: 'rate', minutes: 60 },
} as const;
const LATE = { ...EARLY, times: { kind: 'cron', minutes: [30], hours: [4] } } as const;
const LAST = new Date('2026-11-26T01:00:00Z');

let memory: MemoryLedger;
let name: string;
let count = 0;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
beforeEach(() => {
  name = `nightly-${count++}`;
});
afterAll(() => memory.stop());

/** The letters of the strip: what is recorded, and `-` for a due time of which nothing is. */
async function stripOf(
  nights: string,
  { schedule = EARLY, now = '2026-11-26T09:00:00Z', most = 30 }: Strip = {},
): Promise<string> {
  const trigger = { ...NIGHTLY, schedules: [schedule] };
  await recordNights(memory.ledger, { name, trigger, nights, last: LAST });
  const firings = await Array.fromAsync(memory.ledger.ofTrigger(name));
  const due = dueTimes(trigger, firings, { now: new Date(now), most });
  return due
    .map(({ firing }) => (firing?.result?.verdict ?? firing?.state ?? '-').charAt(0))
    .join('');
}

interface Strip {
  readonly schedule?: NamedSchedule;
  readonly now?: string;
  readonly most?: number;
}

test.each([
  [
    'every night has a place, also those that were missed, skipped or not recorded',
    'PMS-F',
    'pms-f',
  ],
  ['a night without a record at the end shows when the sweep has had its time', 'PP-', 'pp-'],
  ['what was before the first firing of the schedule is unknown', '--PP', 'pp'],
])('%s', async (_, nights, strip) => {
  expect(await stripOf(nights)).toBe(strip);
});

test('until the sweep could have recorded it, nothing is said of a due time', async () => {
  expect(await stripOf('P-', { now: '2026-11-26T01:11:59Z' })).toBe('p');
});

test('what fired before the schedule was changed is not missing at its new time', async () => {
  expect(await stripOf('PPPP', { schedule: LATE })).toBe('pppp');
});

test('a rate counts from its oldest firing, and only the last times are shown', async () => {
  const now = '2026-11-26T04:30:00Z';
  expect(await stripOf('PP', { schedule: HOURLY, now, most: 5 })).toBe('-p---');
});

test('the next times end with the period, and the first is told whenever it is', () => {
  const now = new Date('2026-11-26T01:00:00Z');
  const ahead = (until: string) =>
    timesAhead(EARLY, [], { now, until: new Date(until), most: 9 }).map((time) =>
      time.toISOString(),
    );
  expect(ahead('2026-11-26T02:00:00Z')).toEqual(['2026-11-27T01:00:00.000Z']);
  expect(ahead('2026-11-28T02:00:00Z')).toEqual([
    '2026-11-27T01:00:00.000Z',
    '2026-11-28T01:00:00.000Z',
  ]);
});
