import { expect, test } from 'vitest';
import { advance } from '../../../lambda/advance.ts';
import type { Ledger } from '../../../lambda/ledger/ledger.ts';
import { admissionId, SHARED_ADMISSION } from '../../../lambda/policies/admission-record.ts';
import { readRecord } from '../../../lambda/policies/decide-on.ts';
import { releaseSlot } from '../../../lambda/policies/release.ts';
import { RUN_TEST, runTestRecordId } from '../../../lambda/policies/run-test-record.ts';
import { addMinutes } from '../../../lambda/runtime/time.ts';
import { retryFiring } from '../../../lambda/start/retry.ts';
import { type Core, NIGHTLY } from '../../support/fixture.ts';
import { policyStage } from '../../support/policy-stage.ts';
import { json, well } from '../../support/remote-api.ts';

const BUDGET = { perMonth: 1_000 };

/** A function whose nth write of a memo item waits until it may go on. */
function frozenAt(core: Core, isPoint: (id: string) => boolean) {
  const reached = Promise.withResolvers<void>();
  const thawed = Promise.withResolvers<void>();
  let isFrozen = false;
  const writeItem: Ledger['writeItem'] = async (read, item) => {
    if (isPoint(item.id) && !isFrozen) {
      isFrozen = true;
      reached.resolve();
      await thawed.promise;
    }
    return core.ledger.writeItem(read, item);
  };
  const on: Core = { ...core, ledger: { ...core.ledger, writeItem } };
  return { on, reached: reached.promise, thaw: thawed.resolve };
}

test.each(['skip', 'buffer-one', 'cancel-other'] as const)(
  'of two triggers of one run test that are due at once, one starts (overlap: %s)',
  async (overlap) => {
    for (let round = 0; round < 3; round += 1) {
      const { fire, api } = await policyStage();
      const reports = await Promise.all([
        fire('first', 'r', { overlap }),
        fire('second', 'r', { overlap }),
      ]);
      expect(api.posts).toHaveLength(1);
      expect(reports.filter(({ state }) => state === 'started')).toHaveLength(1);
    }
  },
);

test('a firing is skipped behind one of another trigger, by its name', async () => {
  const { fire, api, firingOf } = await policyStage();
  await fire('first', 'r', { overlap: 'skip' });
  const id = (await firingOf('first', 'r')).execution?.id;
  expect(await fire('second', 'r', { overlap: 'skip' })).toMatchObject({
    state: 'skipped',
    message: `Another run is not over (overlap: skip): first:command:r (started, execution ${id})`,
  });
  api.executions.splice(0);
  const other = await fire('third', 'r', {
    overlap: 'skip',
    runTestId: '7d0e6f0c-9d3c-4a53-9f0e-3f6b8f3d1a55',
  });
  expect(other.state, 'another run test').toBe('started');
});

test('the execution of another trigger is not cancelled for a later firing', async () => {
  const { fire, api, firingOf } = await policyStage();
  await fire('first', 'r', { overlap: 'skip' });
  const id = (await firingOf('first', 'r')).execution?.id;
  expect(await fire('second', 'r', { overlap: 'cancel-other' })).toMatchObject({
    state: 'skipped',
    message: `first:command:r (started, execution ${id}) is not known to be this trigger’s own, and only its own runs are cancelled`,
  });
  expect(api.cancelled).toEqual([]);
});

test('one firing of each trigger waits for the run test', async () => {
  const { fire, sweeps, allBecome, api } = await policyStage();
  const policies = { overlap: 'buffer-one' as const };
  await fire('first', 'r1', policies);
  expect((await fire('first', 'r2', policies)).state).toBe('due');
  expect((await fire('second', 'r1', policies)).state).toBe('due');
  expect((await fire('second', 'r2', policies)).message).toBe(
    'second:command:r1 is waiting to start already',
  );
  for (const posts of [2, 3]) {
    allBecome('COMPLETED');
    await sweeps(2);
    expect(api.posts).toHaveLength(posts);
  }
});

test('while the list cannot be read, every start of many is counted in both budgets', async () => {
  const { core, fire, api, sweeps, runsCounted } = await policyStage();
  api.listStatus = () => 502;
  const on: Core = { ...core, budget: BUDGET };
  const policies = { overlap: 'buffer-one' as const, budget: BUDGET };
  await Promise.all(
    ['first', 'second'].flatMap((name) =>
      ['r1', 'r2', 'r3'].map((request) => fire(name, request, policies, { on })),
    ),
  );
  api.listStatus = () => undefined;
  for (let round = 0; round < 4; round += 1) {
    for (const execution of api.executions) execution.status = 'COMPLETED';
    await sweeps(2, on);
  }
  const own = (await runsCounted('first')) ?? 0;
  expect(own + ((await runsCounted('second')) ?? 0)).toBe(api.posts.length);
  expect(await runsCounted()).toBe(api.posts.length);
});

test('no execution is cancelled, and no slot taken, for a firing that has no budget left', async () => {
  const { core, fire, api, ledger } = await policyStage();
  const on: Core = { ...core, budget: { perMonth: 1 } };
  await fire('first', 'r1', { overlap: 'cancel-other' }, { on });
  const report = await fire('first', 'r2', { overlap: 'cancel-other' }, { on });
  expect(report.message).toBe(
    'The budget of all triggers is spent: 1 of 1 runs are spent in 2026-11',
  );
  expect(api.cancelled).toEqual([]);
  expect(
    (await readRecord(runTestRecordId(NIGHTLY.runTestId ?? ''), RUN_TEST, ledger)).slots,
  ).toEqual([{ firing: 'first:command:r1' }]);
});

test('a function that was frozen since it read the executions takes no slot that is held', async () => {
  const { core, clock, fire, api, sweeps } = await policyStage();
  const reached = Promise.withResolvers<void>();
  const thawed = Promise.withResolvers<void>();
  const writeItem: Ledger['writeItem'] = async (read, item) => {
    if (item.id.startsWith('/run-test/')) {
      reached.resolve();
      await thawed.promise;
    }
    return core.ledger.writeItem(read, item);
  };
  const on: Core = { ...core, ledger: { ...core.ledger, writeItem } };
  const frozen = fire('first', 'r', { overlap: 'buffer-one' }, { on });
  await reached.promise;
  await fire('second', 'r', { overlap: 'buffer-one' });
  clock.advance(2);
  thawed.resolve();
  expect((await frozen).state).toBe('due');
  await sweeps(3);
  expect(api.posts).toHaveLength(1);
});

// which record's slot the late release gives back
test.each([
  ['its run test', `/run-test/${NIGHTLY.runTestId}/admission`],
  ['its budget', admissionId('nightly')],
  ['the budget of all', SHARED_ADMISSION],
])('a late release frees no slot of %s that a retry starts with', async (_, record) => {
  const { core, clock, fire, firingOf, api, ledger, runsCounted } = await policyStage();
  const on: Core = { ...core, budget: BUDGET };
  const policies = { overlap: 'skip' as const, budget: BUDGET };
  api.treatment = ({ response }) => json(response, 404, { message: 'no' });
  await fire('nightly', 'r1', policies, { on });
  const rejected = await firingOf('nightly', 'r1');
  const late = frozenAt(on, (id) => id === record);
  const released = releaseSlot(rejected, late.on);
  await late.reached;
  api.treatment = well;
  await retryFiring(rejected.id, { by: 'ada', reason: 'it exists now' }, on);
  const retried = await advance(await firingOf('nightly', 'r1'), on, addMinutes(clock.now(), 1));
  late.thaw();
  await released;
  expect(retried.state).toBe('started');
  expect([await runsCounted('nightly'), await runsCounted()]).toEqual([1, 1]);
  expect(
    (await readRecord(runTestRecordId(NIGHTLY.runTestId ?? ''), RUN_TEST, ledger)).slots,
  ).toEqual([{ firing: rejected.id }]);
});

test('a function that thaws after its firing has expired keeps no slot and counts nothing', async () => {
  const { core, clock, fire, firingOf, sweeps, api, ledger, runsCounted } = await policyStage();
  const on: Core = { ...core, budget: BUDGET };
  const policies = { overlap: 'skip' as const, budget: BUDGET };
  const frozen = frozenAt(on, (id) => id === SHARED_ADMISSION);
  const fired = fire('nightly', 'r1', policies, { on: frozen.on });
  await frozen.reached;
  clock.advance(16);
  await sweeps(1, on);
  frozen.thaw();
  expect((await fired).state).toBe('expired');
  expect((await firingOf('nightly', 'r1')).nextCheckAt).toBeUndefined();
  expect(api.posts).toEqual([]);
  expect([await runsCounted('nightly'), await runsCounted()]).toEqual([0, 0]);
  expect(
    (await readRecord(runTestRecordId(NIGHTLY.runTestId ?? ''), RUN_TEST, ledger)).slots,
  ).toEqual([]);
});

// at which write it froze
test.each([
  ['its run test', `/run-test/${NIGHTLY.runTestId}/admission`],
  ['its budget', admissionId('nightly')],
  ['the budget of all', SHARED_ADMISSION],
])(
  'a function that thaws at %s after another has started its firing counts nothing',
  async (_, record) => {
    const { core, fire, sweeps, api, runsCounted } = await policyStage();
    const on: Core = { ...core, budget: BUDGET };
    const frozen = frozenAt(on, (id) => id === record);
    const fired = fire('nightly', 'r1', { overlap: 'skip', budget: BUDGET }, { on: frozen.on });
    await frozen.reached;
    await sweeps(3, on);
    frozen.thaw();
    expect((await fired).state).toBe('started');
    expect(api.posts).toHaveLength(1);
    expect([await runsCounted('nightly'), await runsCounted()]).toEqual([1, 1]);
  },
);

test('a firing that thaws after it was unresolved is counted once', async () => {
  const { core, clock, fire, firingOf, sweeps, api, runsCounted } = await policyStage();
  const on: Core = { ...core, budget: BUDGET };
  const reached = Promise.withResolvers<void>();
  const thawed = Promise.withResolvers<void>();
  // It freezes with its lease written: its time is over when it thaws, and it sends nothing.
  const write: Ledger['write'] = async (from, to) => {
    const written = await core.ledger.write(from, to);
    if (to.state !== 'sending') return written;
    reached.resolve();
    await thawed.promise;
    return written;
  };
  const frozen: Core = { ...on, ledger: { ...core.ledger, write } };
  const policies = { budget: BUDGET, startDeadlineMinutes: 60 };
  const fired = fire('nightly', 'r1', policies, { on: frozen });
  await reached.promise;
  await sweeps(20, on, 5);
  expect((await firingOf('nightly', 'r1')).state).toBe('unresolved');
  thawed.resolve();
  expect((await fired).state).toBe('due');
  clock.advance(1);
  await sweeps(2, on);
  expect((await firingOf('nightly', 'r1')).state).toBe('started');
  expect(api.posts).toHaveLength(1);
  expect([await runsCounted('nightly'), await runsCounted()]).toEqual([1, 1]);
});
