import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { missedFiring, newFiring } from '../../../lambda/firing/new-firing.ts';
import type { Published } from '../../../lambda/firing/service-event.ts';
import { notify } from '../../../lambda/notify/notify.ts';
import { summaryTold } from '../../../lambda/notify/summary.ts';
import { messageOf } from '../../../lambda/notify/topic.ts';
import type { Publication } from '../../../lambda/runtime/aws.ts';
import { addMs } from '../../../lambda/runtime/time.ts';
import { tellSummary } from '../../../lambda/sweep/summary.ts';
import { readSummaryTime } from '../../../lib/config/notify-schema.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';

let memory: MemoryLedger;
beforeEach(async () => {
  captureLog();
  memory = await startMemoryLedger();
});
afterEach(() => memory.stop());

const HOUR = 60;
const DAY = 24 * HOUR;

/** A service whose first sweep is at this time, with a summary at that one, in Berlin. */
async function serviceAt(start: string, time: string) {
  const timing = readSummaryTime(time, (message) => expect.fail(message));
  if (!timing) return expect.fail('no timing');
  const schedule = {
    ...timing,
    timezone: 'Europe/Berlin',
    flexibleWindowMinutes: 0,
    enabled: true,
  };
  const clock = clockAt(start);
  const told: Published[] = [];
  const publish = async (events: readonly Published[]) => void told.push(...events);
  const core = { ...coreOn(memory, { url: 'http://none' }, clock), publish };
  const sweep = (leftMs = 60_000) =>
    tellSummary(schedule, () => ({ nightly: NIGHTLY }), core, addMs(core.now(), leftMs));
  await sweep();
  return {
    core,
    told,
    sweep,
    async after(minutes: number) {
      clock.advance(minutes);
      await sweep();
    },
    async misses() {
      const at = clock.now();
      const cause = {
        kind: 'schedule',
        schedule: 'early',
        scheduledTime: at.toISOString(),
      } as const;
      await memory.ledger.record(missedFiring({ trigger: 'nightly', cause, at }, NIGHTLY, at, at));
    },
  };
}

function emailOf(event: Published | undefined): string {
  if (event?.kind !== 'summary') return expect.fail('not a summary');
  const told = summaryTold(event, { service: 'run-test-trigger', timezone: 'Europe/Berlin' });
  return messageOf(told, 'run-test-trigger').email;
}

test('a day with a missed run is told at its time, once', async () => {
  const service = await serviceAt('2026-11-24T06:00:00Z', 'daily 08:00');
  await service.misses();
  await service.after(HOUR);
  expect(service.told).toEqual([]);
  await service.after(1);
  await service.after(1);
  expect(service.told).toHaveLength(1);
  expect(emailOf(service.told[0])).toMatchInlineSnapshot(`
    "Nothing ran since the last summary: 1 missed

    By trigger
    - nightly: 1 missed

    From       Tue 2026-11-24 07:00 Europe/Berlin (06:00 UTC)
    Until      Tue 2026-11-24 08:00 Europe/Berlin (07:00 UTC)
    "
  `);
});

test('a day in which nothing ran is told', async () => {
  const service = await serviceAt('2026-11-24T06:00:00Z', 'daily 08:00');
  await service.after(HOUR + 1);
  expect(emailOf(service.told[0])).toMatch(/^Nothing ran since the last summary\n/);
});

test('after three days without a sweep only the last one comes, for the whole time', async () => {
  const service = await serviceAt('2026-11-24T06:00:00Z', 'daily 08:00');
  await service.misses();
  await service.after(3 * DAY + 2 * HOUR);
  await service.after(1);
  expect(service.told).toMatchObject([
    {
      from: '2026-11-24T06:00:00.000Z',
      until: '2026-11-27T07:00:00.000Z',
      outcomes: { missed: 1 },
    },
  ]);
});

test('what the bus does not take is published again with the same id', async () => {
  const service = await serviceAt('2026-11-24T06:00:00Z', 'daily 08:00');
  const { publish } = service.core;
  service.core.publish = () => Promise.reject(new Error('The bus is away'));
  await expect(service.after(HOUR + 1)).rejects.toThrow('The bus is away');
  service.core.publish = publish;
  await service.after(1);
  expect(service.told).toMatchObject([{ id: 'summary/2026-11-24T07:00:00.000Z' }]);
});

test('a firing that has not ended is counted in the next summary, once', async () => {
  const service = await serviceAt('2026-11-24T06:00:00Z', 'daily 08:00');
  const at = service.core.now();
  const scheduledTime = at.toISOString();
  const cause = { kind: 'schedule', schedule: 'early', scheduledTime } as const;
  const occurrence = { trigger: 'nightly', cause, at };
  const { firing } = await memory.ledger.record(newFiring(occurrence, NIGHTLY, at));
  await service.after(HOUR + 1);
  expect(service.told).toMatchObject([{ triggers: [] }]);
  await memory.ledger.write(firing, missedFiring(occurrence, NIGHTLY, at, at));
  await service.after(DAY);
  await service.after(DAY);
  expect(service.told).toMatchObject([
    { triggers: [] },
    { outcomes: { missed: 1 } },
    { triggers: [] },
  ]);
});

test('very many firings are counted by several sweeps that have time, each once', async () => {
  const service = await serviceAt('2026-11-24T06:00:00Z', 'daily 08:00');
  const { now } = service.core;
  const occurrenceAt = (at: Date) => ({
    trigger: 'nightly',
    cause: { kind: 'schedule', schedule: 'early', scheduledTime: at.toISOString() } as const,
    at,
  });
  const begin = now().getTime();
  for (let second = 0; second < 50; second += 1) {
    const at = new Date(begin + second * 1_000);
    await memory.ledger.record(missedFiring(occurrenceAt(at), NIGHTLY, at, at));
  }
  const last = new Date(begin + 50_000);
  await memory.ledger.record(newFiring(occurrenceAt(last), NIGHTLY, last));
  // As if each firing took a second.
  let seconds = 60 * (HOUR + 1);
  service.core.now = () => {
    seconds += 1;
    return new Date(begin + seconds * 1_000);
  };
  const toldAfter: number[] = [];
  for (const leftMs of [14_000, 60_000, 60_000, 60_000, 25_000]) {
    await service.sweep(leftMs);
    toldAfter.push(service.told.length);
  }
  expect(toldAfter).toEqual([0, 0, 0, 1, 1]);
  expect(service.told).toMatchObject([
    { outcomes: { missed: 50 }, triggers: [{ trigger: 'nightly', outcomes: { missed: 50 } }] },
  ]);
  seconds += 60 * DAY;
  await service.sweep();
  expect(service.told[1]).toMatchObject({ outcomes: {} });
  const { firing } = await memory.ledger.record(newFiring(occurrenceAt(last), NIGHTLY, last));
  await memory.ledger.write(firing, missedFiring(occurrenceAt(last), NIGHTLY, last, last));
  seconds += 60 * DAY;
  await service.sweep();
  expect(service.told[2]).toMatchObject({ outcomes: { missed: 1 } });
});

test('what several sweeps have counted fits beside the firings that were open before', async () => {
  const service = await serviceAt('2026-11-24T06:00:00Z', 'daily 08:00');
  const start = service.core.now().getTime();
  await Promise.all(
    Array.from({ length: 100 }, (_, second) => {
      const at = new Date(start + second * 1_000);
      const cause = { kind: 'command', requestId: `open-${second}` } as const;
      return memory.ledger.record(newFiring({ trigger: 'nightly', cause, at }, NIGHTLY, at));
    }),
  );
  const memo = z.looseObject({ id: z.string(), revision: z.string() });
  const read = await memory.ledger.readItem('/summary', memo);
  // Nearly as large as an item can be.
  const open = Array.from({ length: 2_000 }, (_, index) => `gone:${index}`.padEnd(203, '.'));
  await memory.ledger.writeItem(read, { id: '/summary', ...read, open });
  let seconds = 2 * HOUR * 60;
  service.core.now = () => {
    seconds += 1;
    return new Date(start + seconds * 1_000);
  };
  for (let sweeps = 0; sweeps < 10; sweeps += 1) await service.sweep();
  expect(service.told).toMatchObject([{ id: 'summary/2026-11-24T07:00:00.000Z', outcomes: {} }]);
});

test('the notify function sends it to the topic, whatever people are told of', async () => {
  const service = await serviceAt('2026-11-24T06:00:00Z', 'daily 08:00');
  await service.after(HOUR + 1);
  const publish = vi.fn(async ({ Subject }: Publication) => ({ MessageId: Subject }));
  const context = {
    sns: { publish },
    readSecret: async () => '',
    now: service.core.now,
  };
  const settings = {
    topicArn: 'arn:aws:sns:us-east-1:000000000000:none',
    service: 'run-test-trigger',
    timezone: 'Europe/Berlin',
    triggers: {},
    kinds: [],
  };
  await notify({ detail: service.told[0] }, context, settings);
  expect(publish.mock.calls.map(([{ Subject }]) => Subject)).toEqual([
    '[run-test-trigger] Nothing ran since the last summary',
  ]);
});

test('a weekly summary comes on its day', async () => {
  const service = await serviceAt('2026-11-24T06:00:00Z', 'weekly Mon 08:00');
  await service.after(5 * DAY);
  expect(service.told).toEqual([]);
  await service.after(DAY + HOUR + 1);
  expect(service.told).toMatchObject([{ until: '2026-11-30T07:00:00.000Z' }]);
});

test.each(['daily', 'daily 8:00', 'daily 24:00', 'weekly 08:00', 'weekly Mo 08:00'])(
  '%j is not a time of summaries',
  (text) => {
    const messages: string[] = [];
    expect(readSummaryTime(text, (message) => void messages.push(message))).toBeUndefined();
    expect(messages).toEqual([
      'is not a time of summaries; write it as daily 08:00 or weekly Mon 08:00',
    ]);
  },
);
