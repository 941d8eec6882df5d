import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { rearm } from '../../../lambda/shared/rearm.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { json, startRemoteApi, well } from '../../support/remote-api.ts';

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
beforeEach(() => {
  captureLog();
});

const ORDER = { by: 'ada', reason: 'the plan was upgraded' };

async function rejectedFiring(requestId: string) {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const api = await startRemoteApi({ now: clock.now });
  api.treatment = ({ response }) => json(response, 402, { message: 'Not in your plan' });
  const core = coreOn(memory, api, clock);
  const name = `nightly-${requestId}`;
  const event = { trigger: name, requestId };
  const { firing } = await trigger(
    event,
    { [name]: NIGHTLY },
    core,
    new Date('2026-11-24T02:01:00Z'),
  );
  api.treatment = well;
  clock.advance(24 * 60);
  return { firing, clock, api, core };
}

test('a rejected firing is sent again as a further attempt, once, and remembers who asked why', async () => {
  const { firing, clock, api, core } = await rejectedFiring('once');
  const results = await Promise.all([1, 2, 3].map(() => rearm(firing, ORDER, core)));
  expect(results.map(({ kind }) => kind).sort()).toEqual([
    'changed-meanwhile',
    'changed-meanwhile',
    'rearmed',
  ]);

  await sweep(core, new Date(clock.now().getTime() + 90_000));
  expect(await memory.ledger.read(firing)).toMatchObject({
    state: 'started',
    executionId: api.executions[0]?.id,
    attempts: [
      { outcome: 'rejected', status: 402, message: 'Not in your plan' },
      { outcome: 'started', sentAt: '2026-11-25T02:00:00.000Z' },
    ],
    rearms: [
      {
        at: '2026-11-25T02:00:00.000Z',
        by: 'ada',
        reason: 'the plan was upgraded',
        from: 'rejected',
      },
    ],
  });
  expect(api.posts).toHaveLength(2);
  await api.stop();
});

test('the corrected request is sent where one is given', async () => {
  const { firing, clock, api, core } = await rejectedFiring('corrected');
  const execute = { selectAll: false, scenarioIds: ['5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5'] };
  await rearm(
    firing,
    { ...ORDER, request: { runTestId: 'a1b2c3d4-0000-4000-8000-000000000000', execute } },
    core,
  );
  await sweep(core, new Date(clock.now().getTime() + 90_000));
  expect(api.posts[1]).toMatchObject({
    path: '/simulate/run-tests/a1b2c3d4-0000-4000-8000-000000000000/execute/',
    body: '{"selectAll":false,"scenarioIds":["5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5"]}',
  });
  await api.stop();
});

test('a firing that is started, or unknown to the ledger, is not sent again', async () => {
  const { firing, clock, api, core } = await rejectedFiring('started');
  await rearm(firing, ORDER, core);
  await sweep(core, new Date(clock.now().getTime() + 90_000));
  expect(await rearm(firing, ORDER, core)).toMatchObject({ kind: 'wrong-state' });
  expect(await rearm('nightly:manual:nobody', ORDER, core)).toEqual({ kind: 'not-found' });
  await api.stop();
});
