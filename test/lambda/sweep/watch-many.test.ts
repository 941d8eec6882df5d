import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import type { Ledger } from '../../../lambda/ledger/ledger.ts';
import { watchSchedules } from '../../../lambda/sweep/watch-schedules.ts';
import { parseExpression } from '../../../lib/config/schedule-expression.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { configOf } from '../../support/config-of.ts';
import { NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';

let memory: MemoryLedger;
beforeAll(async () => {
  captureLog();
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());

/** Counts what the watch asks of the ledger, and keeps the length of the longest item. */
function counting({ ledger }: MemoryLedger) {
  const counts = { reads: 0, writes: 0, longest: 0 };
  const counted: Ledger = {
    ...ledger,
    readItem: (id, schema) => {
      counts.reads += 1;
      return ledger.readItem(id, schema);
    },
    writeItem: (read, item) => {
      counts.writes += 1;
      counts.longest = Math.max(counts.longest, JSON.stringify(item).length);
      return ledger.writeItem(read, item);
    },
  };
  return { counts, ledger: counted };
}

/** Each trigger at one of the sixty minutes after two. */
function triggersAtTwo(count: number): Record<string, Trigger> {
  const entries = Array.from({ length: 60 }, (_, minute) => {
    const schedule = {
      ...parseExpression(`cron(${minute} 2 * * ? *)`),
      name: 'early',
      timezone: 'Europe/Berlin',
      flexibleWindowMinutes: 0,
      enabled: true,
    };
    return { ...NIGHTLY, schedules: [schedule] };
  });
  const names = Array.from({ length: count }, (_, index) => `trigger-${index}`);
  return Object.fromEntries(names.map((name, index) => [name, entries[index % 60] ?? NIGHTLY]));
}

test('with 10,000 schedules, a watch with nothing due reads one item, and no item is long', async () => {
  const clock = clockAt('2026-11-24T12:00:00Z');
  const { counts, ledger } = counting(memory);
  const context = { ledger, now: clock.now };
  const triggers = triggersAtTwo(10_000);
  const deployed = configOf(triggers);
  await watchSchedules(deployed, context);
  expect(counts).toMatchObject({ reads: 257, writes: 257 });
  expect(counts.longest).toBeLessThan(20_000);
  Object.assign(counts, { reads: 0, writes: 0 });
  clock.advance(1);
  await watchSchedules(deployed, context);
  expect(counts).toMatchObject({ reads: 1, writes: 0 });
  const { 'trigger-17': _, ...others } = triggers;
  await watchSchedules(configOf(others), context);
  expect(counts).toMatchObject({ reads: 3, writes: 2 });
});
