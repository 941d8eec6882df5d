import { expect, test } from 'vitest';
import type { Budget } from '../../../lambda/firing/policy.ts';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import {
  admissionId,
  readAdmissionRecord,
  SHARED_ADMISSION,
} from '../../../lambda/policies/admission-record.ts';
import { releaseSlot } from '../../../lambda/policies/release.ts';
import { retryFiring } from '../../../lambda/start/retry.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import type { Core } from '../../support/fixture.ts';
import { json, well } from '../../support/remote-api.ts';
import {
  api,
  beginAnew,
  clock,
  core,
  events,
  fire,
  fireOnly,
  firingOf,
  goOnWith,
  inMinutes,
  name,
  policies,
  published,
  sweeps,
} from './policed-trigger.ts';

beginAnew();

test('of 10 firings at once, three start where the budget allows three a day', async () => {
  const entry = policies({ budget: { perDay: 3 } });
  const reports = await Promise.all(
    Array.from({ length: 10 }, (_, index) => fire(`r${index}`, entry)),
  );
  expect(api.posts).toHaveLength(3);
  expect(reports.filter(({ state }) => state === 'started')).toHaveLength(3);
  const skipped = reports.filter(({ state }) => state === 'skipped');
  expect(skipped).toHaveLength(7);
  expect(new Set(skipped.map(({ message }) => message))).toEqual(
    new Set([`The budget of ${name} is spent: 3 of 3 runs are spent on 2026-11-24`]),
  );
  expect(events('start_skipped')).toHaveLength(7);
  expect(events('budget_nearly_spent')).toEqual([
    {
      event: 'budget_nearly_spent',
      firing: expect.any(String),
      trigger: name,
      message: `The budget of ${name}: 3 of 3 runs are spent on 2026-11-24`,
    },
  ]);
});

test('a start by which a budget is nearly spent says so, although it is a further attempt of its firing', async () => {
  const entry = policies({ budget: { perDay: 5 } });
  api.treatment = ({ response }) => json(response, 404, {});
  const { firing } = await fire('r1', entry);
  await sweeps(1);
  api.treatment = well;
  for (const requestId of ['r2', 'r3', 'r4']) await fire(requestId, entry);
  const gate = await readAdmissionRecord(admissionId(name), core.ledger);
  const { day } = gate.spent;
  await core.ledger.writeItem(gate, { ...gate, spent: { day: day && { ...day, warned: false } } });
  await retryFiring(firing, { by: 'ada', reason: 'it exists now' }, core);
  await sweeps(1);
  const message = `The budget of ${name}: 4 of 5 runs are spent on 2026-11-24`;
  expect(published).toContainEqual(expect.objectContaining({ kind: 'budget', reasons: [message] }));
});

test('the budget of the file holds across triggers', async () => {
  const shared = { ...core, budget: { perMonth: 5 } };
  const entry = policies({ budget: { perDay: 3 } });
  const names = [`${name}-a`, `${name}-b`, `${name}-c`];
  const triggers = Object.fromEntries(names.map((each) => [each, entry]));
  const requests = names.flatMap((each) =>
    Array.from({ length: 4 }, (_, index) => ({ trigger: each, requestId: `r${index}` })),
  );
  await Promise.all(requests.map((event) => trigger(event, triggers, shared, inMinutes(1))));
  expect(api.posts).toHaveLength(5);
  const gate = await readAdmissionRecord(SHARED_ADMISSION, core.ledger);
  expect(gate.spent.month).toMatchObject({ period: '2026-11', runs: 5, warned: true });
});

test('what another trigger’s gate or policy refuses gives its share of the file’s budget back', async () => {
  const on: Core = { ...core, budget: { perDay: 1_000_000 } };
  const before = (await readAdmissionRecord(SHARED_ADMISSION, core.ledger)).spent.day?.runs ?? 0;
  const entry = policies({ overlap: 'skip' });
  await Promise.all(Array.from({ length: 5 }, (_, index) => fire(`r${index}`, entry, on)));
  expect(api.posts).toHaveLength(1);
  expect((await readAdmissionRecord(SHARED_ADMISSION, core.ledger)).spent.day?.runs).toBe(
    before + 1,
  );
});

// what becomes of the first firing, whether it stays counted
test.each([
  ['rejected', 404, 'started'],
  ['unresolved', 500, 'skipped'],
] as const)(
  'after a firing that is %s (HTTP %i) another one is %s',
  async (state, status, next) => {
    const entry = policies({ budget: { perDay: 1 } });
    api.treatment = ({ response }) => json(response, status, {});
    await fire('r1', entry);
    await sweeps(15, 5);
    expect((await firingOf('r1')).state).toBe(state);
    api.treatment = well;
    expect((await fire('r2', entry)).state).toBe(next);
  },
);

test('an expired firing gives its share of the budget back', async () => {
  const entry = policies({ budget: { perDay: 1 } });
  api.treatment = ({ response }) => json(response, 429, {});
  await fire('r1', entry);
  expect((await fire('r2', entry)).state).toBe('skipped');
  clock.advance(16);
  await sweep(core, inMinutes(1.5));
  expect((await firingOf('r1')).state).toBe('expired');
  api.treatment = well;
  expect((await fire('r3', entry)).state).toBe('started');
});

test('the next day begins in the named zone', async () => {
  goOnWith({ ...core, timezone: 'Europe/Berlin' });
  const entry = policies({ budget: { perDay: 1 } });
  // From 02:00 to 22:59 UTC.
  clock.advance(20 * 60 + 59);
  expect((await fire('r1', entry)).state).toBe('started');
  expect((await fire('r2', entry)).state).toBe('skipped');
  clock.advance(1);
  expect((await fire('r3', entry)).state).toBe('started');
});

const SCENARIO_1 = '00000000-0000-4000-8000-000000000001';

const SCENARIO_2 = '00000000-0000-4000-8000-000000000002';

const SCENARIO_3 = '00000000-0000-4000-8000-000000000003';

// what is selected, what is counted before the start, what it has bought (two scenarios)
test.each<[string, Budget, Trigger['execute'], number]>([
  [
    'named ones',
    { perDay: 9 },
    { selectAll: false, scenarioIds: [SCENARIO_1, SCENARIO_2, SCENARIO_3] },
    3,
  ],
  ['all, where nobody counts them', { perDay: 9 }, { selectAll: true, scenarioIds: [] }, 1],
  ['all', { scenariosPerDay: 9 }, { selectAll: true, scenarioIds: [] }, 5],
  ['all but one', { scenariosPerDay: 9 }, { selectAll: true, scenarioIds: [SCENARIO_1] }, 4],
])('scenarios are counted: %s', async (_, budget, execute, counted) => {
  api.scenarios = Array.from({ length: 5 }, (_each, index) => ({
    id: `00000000-0000-4000-8000-00000000000${index}`,
    name: `S${index}`,
  }));
  await fireOnly('r1', policies({ budget, execute }));
  expect((await readAdmissionRecord(admissionId(name), core.ledger)).spent.day?.scenarios).toBe(
    counted,
  );
  await releaseSlot(await firingOf('r1'), core);
  expect((await readAdmissionRecord(admissionId(name), core.ledger)).spent.day?.scenarios).toBe(2);
});

test('a run of more scenarios than are left is skipped', async () => {
  api.scenarios = Array.from({ length: 5 }, (_, index) => ({
    id: `00000000-0000-4000-8000-00000000000${index}`,
    name: `S${index}`,
  }));
  expect(await fire('r1', policies({ budget: { scenariosPerDay: 4 } }))).toMatchObject({
    state: 'skipped',
    message: `The budget of ${name} is spent: 0 of 4 scenarios are spent on 2026-11-24, and this run has 5`,
  });
});
