import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STATES } from '../../../lambda/firing/states.ts';
import { readOwner } from '../../../lambda/ledger/execution-owner.ts';
import {
  admissionId,
  readAdmissionRecord,
  SHARED_ADMISSION,
} from '../../../lambda/policies/admission-record.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import type { Stage } from '../../support/history-world.ts';
import { startMemoryLedger } from '../../support/memory-ledger.ts';
import { policyHistory } from '../../support/policy-history.ts';
import {
  newPolicyWorld,
  type PolicyWorld,
  runPolicyStep,
  settlePolicyWorld,
} from '../../support/policy-world.ts';
import { startRemoteApi } from '../../support/remote-api.ts';
import { runs, withinTime } from '../../support/runs.ts';

const HISTORIES = runs(8);

let stage: Stage;
beforeAll(async () => {
  const memory = await startMemoryLedger();
  stage = {
    serverClock: clockAt('2026-11-24T02:00:00Z'),
    memory,
    api: await startRemoteApi({ now: () => stage.serverClock.now() }),
  };
});
afterAll(() => Promise.all([stage.memory.stop(), stage.api.stop()]));

test(
  `in ${HISTORIES} histories of two triggers of one run test every policy holds`,
  async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(policyHistory, async (past) => {
        captureLog();
        count += 1;
        stage = { ...stage, serverClock: clockAt('2026-11-24T02:00:00Z') };
        const before = await runsCounted(SHARED_ADMISSION);
        const world = newPolicyWorld(past, `history-${count}`, before, stage);
        for (const step of past.steps) await runPolicyStep(step, world);
        await settlePolicyWorld(world);
        expect(world.violations).toEqual([]);
        await checkOwners(world);
        await checkCounts(world, before);
      }),
      { numRuns: HISTORIES, ...withinTime(50_000) },
    );
  },
  runs(60_000),
);

/** A firing has its own execution and no other, and ran at most once; one that says it did not run has not. */
async function checkOwners({ fired, created, foreign }: PolicyWorld): Promise<void> {
  for (const id of fired) {
    const firing = await stage.memory.ledger.read(id);
    const own = created.filter((one) => one.firing === id).map((one) => one.id);
    if (!firing) {
      expect(own, id).toEqual([]);
      continue;
    }
    expect(own.length, `${id} is ${firing.state}`).toBeLessThanOrEqual(1);
    if (STATES[firing.state].hasNotRun) expect(own, `${id} is ${firing.state}`).toEqual([]);
    if (firing.execution) expect(own, id).toEqual([firing.execution.id]);
  }
  for (const id of foreign) expect(await readOwner(id, stage.memory)).toBeUndefined();
  expect(stage.api.cancelled.filter((id) => foreign.has(id))).toEqual([]);
}

/** Each start is counted once, in both budgets, and no more start than there is room for. */
async function checkCounts(world: PolicyWorld, before: number): Promise<void> {
  const { names, fired, past } = world;
  const started = await startedOf(fired);
  expect(await runsCounted(SHARED_ADMISSION), 'all').toBe(before + started.length);
  expect(started.length).toBeLessThanOrEqual(past.perMonthOfAll);
  if (past.perMonth === undefined) return;
  for (const name of names) {
    const own = started.filter((id) => id.startsWith(`${name}:`));
    expect(await runsCounted(admissionId(name)), name).toBe(own.length);
    expect(own.length).toBeLessThanOrEqual(past.perMonth);
  }
}

/** The firings that have started, or may have. */
async function startedOf(fired: readonly string[]): Promise<string[]> {
  const firings = await Promise.all(fired.map((id) => stage.memory.ledger.read(id)));
  return firings.flatMap((firing) => {
    if (!firing) return [];
    expect(firing.nextCheckAt, `${firing.id} is ${firing.state}`).toBeUndefined();
    return STATES[firing.state].hasNotRun ? [] : firing.id;
  });
}

/** What the next start would find counted: what a dead function has left of a firing that has not run is given back. */
async function runsCounted(id: string): Promise<number> {
  const { spent, slots } = await readAdmissionRecord(id, stage.memory.ledger);
  const holders = await Promise.all(slots.map(({ firing }) => stage.memory.ledger.read(firing)));
  const left = holders.filter((firing) => firing && STATES[firing.state].hasNotRun);
  return (spent.month?.runs ?? 0) - left.length;
}
