import { expect, onTestFinished, test } from 'vitest';
import type { Firing } from '../../../lambda/firing/firing.ts';
import {
  readAdmissionRecord,
  SHARED_ADMISSION,
} from '../../../lambda/policies/admission-record.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY } from '../../support/fixture.ts';
import { startMemoryLedger } from '../../support/memory-ledger.ts';
import { startRemoteApi } from '../../support/remote-api.ts';

test('a firing that its trigger admits only a moment later is counted for all triggers as well', async () => {
  captureLog();
  const clock = clockAt('2026-11-24T02:00:00Z');
  const memory = await startMemoryLedger();
  const api = await startRemoteApi({ now: clock.now });
  onTestFinished(async () => void (await Promise.all([memory.stop(), api.stop()])));
  const core: Core = { ...coreOn(memory, api, clock), budget: { perDay: 1_000 } };
  const triggers = { nightly: { ...NIGHTLY, overlap: 'skip' as const } };
  const fire = (requestId: string, on: Core) =>
    trigger({ trigger: 'nightly', requestId }, triggers, on, new Date('2026-11-24T03:00:00Z'));
  const first = await fire('r1', core);
  for (const execution of api.executions) execution.status = 'COMPLETED';
  clock.advance(10);

  // Another function settles the first firing right after this one has read it.
  let isSettled = false;
  const read = async (id: string): Promise<Firing | undefined> => {
    const firing = await core.ledger.read(id);
    if (firing?.id !== first.firing || isSettled) return firing;
    isSettled = true;
    const { execution: _, ...before } = firing;
    return { ...before, state: 'unknown' } as Firing;
  };
  const second = await fire('r2', { ...core, ledger: { ...core.ledger, read } });
  expect([isSettled, second.state]).toEqual([true, 'started']);
  const { spent } = await readAdmissionRecord(SHARED_ADMISSION, core.ledger);
  expect(spent.day?.runs).toBe(2);
});
