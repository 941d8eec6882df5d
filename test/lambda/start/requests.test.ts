import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Budget } from '../../../lambda/firing/policy.ts';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { countRequests } from '../../support/counted-requests.ts';
import { coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { startRemoteApi } from '../../support/remote-api.ts';

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());

const NONE = { queries: 0 };

interface Row {
  readonly what: string;
  readonly settings: Partial<Trigger>;
  readonly ofAll?: Budget;
  readonly start: object;
  readonly published: object;
}

test.each<Row>([
  {
    what: 'no policy',
    settings: { overlap: 'allow' },
    start: { ...NONE, puts: 4, gets: 2, writeUnits: 15 },
    published: { queries: 4, puts: 2, gets: 4, writeUnits: 4 },
  },
  {
    what: 'overlap: skip',
    settings: { overlap: 'skip' },
    start: { ...NONE, puts: 5, gets: 3, writeUnits: 16 },
    published: { queries: 4, puts: 2, gets: 4, writeUnits: 4 },
  },
  {
    what: 'overlap: skip and a budget',
    settings: { overlap: 'skip', budget: { perDay: 5 } },
    start: { ...NONE, puts: 6, gets: 3, writeUnits: 17 },
    published: { queries: 4, puts: 3, gets: 6, writeUnits: 5 },
  },
  {
    what: 'overlap: skip, a budget and the budget of all triggers',
    settings: { overlap: 'skip', budget: { perDay: 5 } },
    ofAll: { perDay: 500 },
    start: { ...NONE, puts: 7, gets: 3, writeUnits: 18 },
    published: { queries: 4, puts: 4, gets: 8, writeUnits: 6 },
  },
  {
    what: 'overlap: skip and follow',
    settings: { overlap: 'skip', follow: true },
    start: { ...NONE, puts: 5, gets: 3, writeUnits: 15 },
    published: { queries: 5, puts: 1, gets: 2, writeUnits: 4 },
  },
])(
  'with $what a firing asks this much of the ledger',
  async ({ settings, ofAll, start, published }) => {
    captureLog();
    const clock = clockAt('2026-11-24T02:00:00Z');
    const api = await startRemoteApi(clock);
    const core = { ...coreOn(memory, api, clock), ...(ofAll && { budget: ofAll }) };
    const counts = countRequests(memory.client);
    const name = `t-${randomUUID()}`;
    const triggers = { [name]: { ...NIGHTLY, runTestId: randomUUID(), ...settings } };
    const event = { trigger: name, schedule: 'early', scheduledTime: '2026-11-24T02:00:00Z' };
    await trigger(event, triggers, core, inMinutes(clock, 1));
    expect(counts.take()).toEqual(start);
    clock.advance(1);
    await sweep(core, inMinutes(clock, 1.5));
    expect(counts.take()).toEqual(published);
    expect(api.posts).toHaveLength(1);
    await api.stop();
  },
);

function inMinutes(clock: Clock, minutes: number): Date {
  return new Date(clock.now().getTime() + minutes * 60_000);
}
