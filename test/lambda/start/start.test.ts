import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../../../lambda/ledger/ledger.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { startRemoteApi } from '../../support/remote-api.ts';

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
beforeEach(() => {
  captureLog();
});

test('a function that is frozen while it takes the lease sends nothing once it thaws', async () => {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const api = await startRemoteApi({ now: clock.now });
  const core = coreOn(memory, api, clock);
  const write: Ledger['write'] = async (from, to) => {
    const written = await memory.ledger.write(from, to);
    if (to.state === 'sending') clock.advance(2);
    return written;
  };
  const frozen = { ...core, ledger: { ...core.ledger, write } };
  const event = { trigger: 'frozen', requestId: 'once' };
  const until = new Date('2026-11-24T02:01:00Z');
  const report = await trigger(event, { frozen: NIGHTLY }, frozen, until);
  expect(report.state).toBe('due');
  expect(api.posts).toEqual([]);

  clock.advance(1);
  await sweep(core, new Date('2026-11-24T02:06:00Z'));
  expect(api.posts).toHaveLength(1);
  await api.stop();
});
