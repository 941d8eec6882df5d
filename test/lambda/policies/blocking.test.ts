import { expect, test } from 'vitest';
import { policyStage } from '../../support/policy-stage.ts';
import { json, well } from '../../support/remote-api.ts';

const SKIP = { overlap: 'skip' as const };

test('while the list cannot be read, an unfollowed execution is not over', async () => {
  const { fire, clock, api, firingOf, allBecome } = await policyStage();
  await fire('nightly', 'r1', SKIP);
  const id = (await firingOf('nightly', 'r1')).execution?.id;
  clock.advance(5);
  api.listStatus = () => 502;
  expect(await fire('nightly', 'r2', SKIP)).toMatchObject({
    state: 'skipped',
    message: `Another run is not over (overlap: skip): nightly:command:r1 (started, execution ${id})`,
  });
  api.listStatus = () => undefined;
  expect((await fire('nightly', 'r3', SKIP)).state).toBe('skipped');
  allBecome('COMPLETED');
  expect((await fire('nightly', 'r4', SKIP)).state).toBe('started');
});

test('an unfollowed execution that the list does not have any more is over', async () => {
  const { fire, clock, api } = await policyStage();
  await fire('nightly', 'r1', SKIP);
  api.executions.splice(0);
  clock.advance(0.9);
  expect((await fire('nightly', 'r2', SKIP)).state, 'it may appear').toBe('skipped');
  clock.advance(0.1);
  expect((await fire('nightly', 'r3', SKIP)).state).toBe('started');
});

// what the first firing comes to, by what the server does; it blocks for 6 h from its POST on
test.each([
  ['started', 'an unfollowed execution that hangs', false, () => undefined],
  ['lost', 'an execution that was followed too long', true, () => undefined],
  ['started', 'an unfollowed one, while the list cannot be read', false, () => 502],
])('what is given up as %s blocks for 6 h: %s', async (state, _, follow, listStatus) => {
  const { fire, clock, api, sweeps, firingOf, published } = await policyStage();
  const policies = { ...SKIP, follow, maxDurationMinutes: 60 };
  await fire('nightly', 'r1', policies);
  api.listStatus = listStatus;
  clock.advance(61);
  await sweeps(1);
  expect((await firingOf('nightly', 'r1')).state).toBe(state);
  clock.advance(297);
  const report = await fire('nightly', 'r2', policies);
  expect(report.state).toBe('skipped');
  expect(report.message).toMatch(
    new RegExp(`: nightly:command:r1 \\(${state}, execution [-0-9a-f]+\\)$`),
  );
  await sweeps(1);
  expect(published).toContainEqual(
    expect.objectContaining({
      kind: 'skipped',
      firing: 'nightly:command:r2',
      reasons: [report.message],
    }),
  );
  expect((await fire('nightly', 'r3', policies)).state).toBe('started');
});

test('a firing that stays unresolved blocks for 6 h, and the one behind it is told', async () => {
  const { fire, clock, api, sweeps, firingOf, published } = await policyStage();
  api.treatment = ({ response }) => json(response, 500, {});
  await fire('nightly', 'r1', SKIP);
  await sweeps(15, undefined, 5);
  expect((await firingOf('nightly', 'r1')).state).toBe('unresolved');
  api.treatment = well;
  const reason = 'Another run is not over (overlap: skip): nightly:command:r1 (unresolved)';
  expect(await fire('nightly', 'r2', SKIP)).toMatchObject({ state: 'skipped', message: reason });
  await sweeps(1);
  expect(published).toContainEqual(
    expect.objectContaining({ kind: 'skipped', firing: 'nightly:command:r2', reasons: [reason] }),
  );
  clock.advance(343);
  expect((await fire('nightly', 'r3', SKIP)).state, '5 h 59 min').toBe('skipped');
  clock.advance(1);
  expect((await fire('nightly', 'r4', SKIP)).state, '6 h').toBe('started');
});

test('a firing that waits behind an execution that hangs starts after 6 h', async () => {
  const { fire, api, sweeps, firingOf } = await policyStage();
  const policies = { overlap: 'buffer-one' as const, startDeadlineMinutes: 15 };
  await fire('nightly', 'r1', policies);
  expect((await fire('nightly', 'r2', policies)).state).toBe('due');
  await sweeps(350, undefined, 14);
  await sweeps(9, undefined, 9);
  expect((await firingOf('nightly', 'r2')).state).toBe('due');
  await sweeps(2);
  expect((await firingOf('nightly', 'r2')).state).toBe('started');
  expect(api.posts).toHaveLength(2);
});

test('an orphan costs one night at most', async () => {
  const { fire, clock, api, sweeps, firingOf } = await policyStage();
  const policies = { ...SKIP, follow: true };
  api.treatment = ({ response, create }) => {
    create();
    json(response, 400, { message: 'Failed to start test execution' });
  };
  await fire('nightly', 'night-1', policies);
  await sweeps(3);
  expect((await firingOf('nightly', 'night-1')).state, 'adopted').toBe('started');
  clock.advance(360);
  await sweeps(1);
  expect((await firingOf('nightly', 'night-1')).state).toBe('lost');
  clock.advance(17 * 60 + 55);
  api.treatment = well;
  expect((await fire('nightly', 'night-2', policies)).state).toBe('started');
});

test('an execution without a start time blocks for 6 h from when it was first seen', async () => {
  const { fire, clock, api } = await policyStage();
  api.executions.push({ id: 'by-hand', status: 'PENDING', started_at: '', scenario_ids: [] });
  const states = [];
  for (const minutes of [0, 180, 179, 1]) {
    clock.advance(minutes);
    states.push((await fire('nightly', `r${states.length}`, SKIP)).state);
  }
  expect(states).toEqual(['skipped', 'skipped', 'skipped', 'started']);
});

test('a person’s execution blocks for 6 h', async () => {
  const { fire, clock, api } = await policyStage();
  const started_at = '2026-11-24T02:00:00Z';
  api.executions.push({ id: 'by-hand', status: 'RUNNING', started_at, scenario_ids: [] });
  clock.advance(359);
  expect((await fire('nightly', 'r1', SKIP)).state).toBe('skipped');
  clock.advance(1);
  expect((await fire('nightly', 'r2', SKIP)).state).toBe('started');
});
