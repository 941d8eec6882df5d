import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Firing } from '../../lambda/firing/firing.ts';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { pauseTrigger } from '../../lambda/policies/pause.ts';
import { changes } from '../../lib/console/changes.ts';
import { readFiringsPage } from '../../lib/console/firings-page.ts';
import { reportedTriggers } from '../../lib/report/reported-triggers.ts';
import { readAdmissions } from '../../lib/views/admissions.ts';
import { findFiring } from '../../lib/views/firing-reference.ts';
import { firingsOf, newestFirings } from '../../lib/views/newest-firings.ts';
import { statsOf } from '../../lib/views/trigger-stats.ts';
import { captureLog } from '../support/captured-log.ts';
import { SETTINGS } from '../support/config-of.ts';
import { countRequests } from '../support/counted-requests.ts';
import { NIGHTLY } from '../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../support/memory-ledger.ts';

/** Of which every 77th has fired once, three in the same moment. */
const NAMES = Array.from({ length: 10_000 }, (_, index) => `trigger-${index}`);
const FIRED = NAMES.filter((_, index) => index % 77 === 0);
const START = Date.parse('2026-11-24T02:00:00Z');
const EVER = { from: new Date(0) };

let memory: MemoryLedger;
let requests: ReturnType<typeof countRequests>;
beforeAll(async () => {
  memory = await startMemoryLedger();
  requests = countRequests(memory.client);
  await Promise.all(FIRED.map((name, index) => memory.ledger.record(firingOf(name, index))));
});
beforeEach(() => void requests.take());
afterAll(() => memory.stop());

function firingOf(trigger: string, index: number): Firing {
  const at = new Date(START + Math.floor(index / 3) * 1_000);
  const cause = { kind: 'command', requestId: 'r' } as const;
  const due = newFiring({ trigger, cause, at }, NIGHTLY, at);
  return index % 2 === 0 ? due : { ...due, state: 'skipped', reason: 'Not free' };
}

const newestOf = (count: number) =>
  FIRED.map((trigger, index) => ({ trigger, moment: Math.floor(index / 3) }))
    .toSorted((a, b) => b.moment - a.moment || a.trigger.localeCompare(b.trigger))
    .map(({ trigger }) => trigger)
    .slice(0, count);

test('the newest of 10,000 triggers are found with five requests', async () => {
  const { firings: found } = await newestFirings(undefined, { ...EVER, limit: 20 }, memory.ledger);
  expect(found.map(({ trigger }) => trigger)).toEqual(newestOf(20));
  expect(requests.take()).toEqual({ puts: 0, gets: 1, queries: 4, writeUnits: 0 });
});

test('those of one trigger are its own only', async () => {
  const [one = ''] = newestOf(1);
  const { firings: found } = await newestFirings(one, { ...EVER, limit: 20 }, memory.ledger);
  expect(found.map(({ trigger }) => trigger)).toEqual([one]);
});

test('those with a result are found among all, with a read of each hundred', async () => {
  const wanted = { ...EVER, results: ['skipped'], limit: 200 };
  const { firings: found } = await newestFirings(undefined, wanted, memory.ledger);
  expect(found).toHaveLength(65);
  expect(requests.take()).toMatchObject({ gets: 2, queries: 4 });
});

test('what is rare is searched for among so many, and then from where that stopped', async () => {
  const wanted = { ...EVER, results: ['missed'], limit: 20 };
  const first = await newestFirings(undefined, { ...wanted, mostRead: 50 }, memory.ledger);
  // The newest moment has one, the others have three, and a moment is read to its end.
  expect(first).toEqual({ firings: [], stoppedAt: '2026-11-24T02:00:25.000Z' });
  expect(requests.take()).toMatchObject({ gets: 1, queries: 4 });
  const to = new Date(first.stoppedAt ?? '');
  const second = await newestFirings(undefined, { ...wanted, to, mostRead: 100 }, memory.ledger);
  expect(second).toEqual({ firings: [] });
});

test('the statistics of 10,000 triggers take four queries and a read of each hundred firings', async () => {
  const stats = await statsOf(NAMES, firingsOf(undefined, EVER, memory.ledger));
  expect(stats).toHaveLength(10_000);
  expect(stats.filter(({ runs }) => runs > 0)).toHaveLength(65);
  expect(stats.filter(({ notStarted }) => notStarted.skipped === 1)).toHaveLength(65);
  expect(requests.take()).toMatchObject({ gets: 2, queries: 4 });
});

test('those of a period read only what was recorded in it', async () => {
  const from = new Date(START + 40_000);
  const stats = await statsOf(NAMES, firingsOf(undefined, { from }, memory.ledger));
  expect(stats.reduce((sum, { runs }) => sum + runs, 0)).toBe(5);
  expect(requests.take()).toMatchObject({ gets: 1, queries: 4 });
});

test('those of one trigger are a query of its own', async () => {
  const [one = ''] = FIRED;
  const stats = await statsOf([one], firingsOf(one, EVER, memory.ledger));
  expect(stats).toMatchObject([{ trigger: one, runs: 1 }]);
  expect(requests.take()).toMatchObject({ gets: 0, queries: 1 });
});

test('a report has the firings of each trigger, read as often', async () => {
  const read = firingsOf(undefined, EVER, memory.ledger);
  const reported = await reportedTriggers(NAMES, read, 'report');
  expect(reported.map(({ trigger }) => trigger)).toEqual(NAMES);
  expect(reported.filter(({ firings }) => firings.length === 1)).toHaveLength(FIRED.length);
  expect(requests.take()).toMatchObject({ gets: 2, queries: 4 });
});

test('pauses and budgets of a thousand triggers take a read of each hundred', async () => {
  captureLog();
  const names = NAMES.slice(0, 1_000);
  const now = () => new Date(START);
  const paused = { trigger: 'trigger-77', by: 'ada', reason: 'why' };
  const pause = await pauseTrigger(paused, { ledger: memory.ledger, now });
  requests.take();
  const triggers = Object.fromEntries(names.map((name) => [name, NIGHTLY]));
  const admissionOf = await readAdmissions(names, { ...SETTINGS, triggers }, now(), memory.ledger);
  expect(admissionOf('trigger-77')).toEqual({ pause, budget: [] });
  expect(admissionOf('trigger-78')).toEqual({ budget: [] });
  expect(requests.take()).toMatchObject({ gets: 11, queries: 0 });
});

test('a firing of a trigger that is gone is in the list and can be asked for, and in no report', async () => {
  const [gone = '', other = ''] = newestOf(2);
  const config = { ...SETTINGS, apiBaseUrl: 'https://api.futureagi.com', triggers: {} };
  const page = (query: Record<string, string>) =>
    readFiringsPage(
      new URLSearchParams(query),
      { describe: async () => ({ config }) },
      memory.ledger,
    );
  const { firings, triggers } = await page({ trigger: '' });
  expect(firings.slice(0, 2)).toMatchObject([{ trigger: gone }, { trigger: other }]);
  expect(triggers).toEqual(newestOf(50));
  expect(await page({ trigger: gone })).toMatchObject({
    firings: [{ trigger: gone }],
    triggers: [gone],
  });
  const read = firingsOf(undefined, EVER, memory.ledger);
  expect(await reportedTriggers([other], read, 'report')).toMatchObject([
    { trigger: other, firings: [{ trigger: other }] },
  ]);
});

test('the pages of the list have each firing once, also those of one moment', async () => {
  const triggers = Object.fromEntries(NAMES.map((name) => [name, NIGHTLY]));
  const config = { ...SETTINGS, apiBaseUrl: 'https://api.futureagi.com', triggers };
  const describe = async () => ({ config });
  const seen: string[] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const query = new URLSearchParams(after === '' ? {} : { after });
    const page = await readFiringsPage(query, { describe }, memory.ledger);
    seen.push(...page.firings.map(({ trigger }) => trigger));
    after = page.next;
    const { gets, queries } = requests.take();
    expect(gets + queries).toBeLessThanOrEqual(6);
  }
  expect(seen).toEqual(newestOf(FIRED.length));
});

test('a page for what is rare ends after 5,000, and the next one goes on from there', async () => {
  const { id, trigger, cause } = firingOf('trigger-1', 0);
  async function* newest(_?: Date, to = new Date('2027-01-01')): AsyncGenerator<ListedFiring> {
    for (let index = 5_001; index >= 0; index -= 1) {
      const recordedAt = new Date(START + index * 1_000);
      const state = index === 0 ? 'missed' : 'skipped';
      if (recordedAt <= to)
        yield { id, trigger, cause, state, recordedAt: recordedAt.toISOString() };
    }
  }
  const triggers = { 'trigger-1': NIGHTLY, 'trigger-2': NIGHTLY };
  const config = { ...SETTINGS, apiBaseUrl: 'https://api.futureagi.com', triggers };
  const read = (after: string) =>
    readFiringsPage(
      new URLSearchParams({ result: 'missed', ...(after && { after }) }),
      { describe: async () => ({ config }) },
      { newest, ofTrigger: () => expect.fail('not of one trigger') },
    );
  const { firings, next = '' } = await read('');
  expect({ firings, next }).toEqual({ firings: [], next: '2026-11-24T02:00:01.000Z/' });
  expect(await read(next)).toMatchObject({ firings: [{ word: 'missed' }] });
  expect((await read(next)).next).toBeUndefined();
});

test('a look of the console for changes takes ten requests', async () => {
  const look = { signal: AbortSignal.abort(), everyMs: 1_000 };
  expect(await Array.fromAsync(changes(NAMES, memory.ledger, look))).toEqual([]);
  expect(requests.take()).toMatchObject({ gets: 2, queries: 8 });
});

test('the last one is found with four queries, and read', async () => {
  const [last = ''] = newestOf(1);
  expect(await findFiring('last', memory.ledger)).toMatchObject({ trigger: last });
  expect(requests.take()).toMatchObject({ gets: 2, queries: 4 });
});
