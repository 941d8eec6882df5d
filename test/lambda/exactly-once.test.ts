import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Firing } from '../../lambda/firing/firing.ts';
import { STATES } from '../../lambda/firing/states.ts';
import { readOwner } from '../../lambda/ledger/execution-owner.ts';
import {
  type AdmissionRecord,
  readAdmissionRecord,
  SHARED_ADMISSION,
} from '../../lambda/policies/admission-record.ts';
import { captureLog } from '../support/captured-log.ts';
import { clockAt } from '../support/clock.ts';
import { history } from '../support/history.ts';
import {
  CAUSES,
  fire,
  firingIdOf,
  newWorld,
  pass,
  retry,
  runStep,
  type Stage,
  sweepOnce,
  thawAll,
  type World,
} from '../support/history-world.ts';
import { startMemoryLedger } from '../support/memory-ledger.ts';
import { reachedIn } from '../support/reached.ts';
import { startRemoteApi } from '../support/remote-api.ts';
import { runs, withinTime } from '../support/runs.ts';

/** The seeds, of sixty, whose histories come most often to what is rare. */
const PARTS = [25, 37, 52];
const HISTORIES = runs(11);

let stage: Stage;
beforeAll(async () => {
  const serverClock = clockAt('2026-11-24T02:00:00Z');
  const memory = await startMemoryLedger();
  stage = { serverClock, memory, api: await startRemoteApi({ now: serverClock.now }) };
});
afterAll(() => Promise.all([stage.memory.stop(), stage.api.stop()]));
/** Of all histories. */
const log: Record<string, unknown>[] = [];
let captured: Record<string, unknown>[];
beforeEach(() => {
  captured = captureLog();
});
afterEach(() => void log.push(...captured));

test.each(PARTS)(
  `in ${HISTORIES} histories of duplicates, crashes, freezes, faults, retries, people’s runs and clock jumps no firing starts twice, takes another’s execution or is lost (part %i)`,
  async (part) => {
    let count = 0;
    const { seed } = fc.readConfigureGlobal();
    await fc.assert(
      fc.asyncProperty(history, async (past) => {
        count += 1;
        const before = past.isBudgeted
          ? await readAdmissionRecord(SHARED_ADMISSION, stage.memory.ledger)
          : undefined;
        const world = newWorld(past, `history-${part}-${count}`, stage);
        for (const step of past.steps) {
          await runStep(step, world);
          await checkStarts(world);
        }
        await settleEverything(world);
        const firings = await firingsOf(world);
        checkEnds(firings, world);
        await checkOwners(firings, world);
        if (before) await checkCount(firings, before);
      }),
      {
        numRuns: HISTORIES,
        ...withinTime(50_000),
        ...(seed !== undefined && { seed: seed + part }),
      },
    );
  },
  runs(60_000),
);

test('the histories came to every state of a start and every rare path', () => {
  const reached = Object.entries(reachedIn(log));
  expect(reached.filter(([, times]) => times < 2)).toEqual([]);
});

/** Each firing once, and once more for each time that a person insists. */
async function checkStarts({ created, triggers }: World): Promise<void> {
  for (const [trigger, ids] of created) {
    if (ids.length < 2) continue;
    const all = CAUSES.map((cause) => stage.memory.ledger.read(firingIdOf(cause, triggers)));
    const firings = (await Promise.all(all)).filter((firing) => firing?.trigger === trigger);
    const allowed = firings.reduce((sum, firing) => sum + 1 + (firing ? insistedOn(firing) : 0), 0);
    expect(ids.length, `${trigger} started`).toBeLessThanOrEqual(allowed);
  }
}

function insistedOn({ retries = [] }: Firing): number {
  return retries.filter(({ sendAnyway }) => sendAnyway).length;
}

/** The senders repeat what was not answered, time passes and sweeps run: everything must come to an end. */
async function settleEverything(world: World): Promise<void> {
  await thawAll(world);
  for (const cause of world.sent) await fire(cause, world);
  await sweepUntilSettled(world);
  if (!world.past.isRetried) return;
  for (const cause of CAUSES) await retry({ cause, sendAnyway: false, hazards: [] }, world);
  await sweepUntilSettled(world);
}

/** Two may wait, one after the other, for six hours each: as long as one in doubt blocks them. */
const MOST_ROUNDS = 50;

async function sweepUntilSettled(world: World): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS && (await isAnyOpen(world)); round += 1) {
    for (const execution of stage.api.executions) execution.status = 'COMPLETED';
    pass(round < 10 ? 12 : 24, world);
    world.unindexed.clear();
    await sweepOnce(world);
    await checkStarts(world);
  }
}

async function isAnyOpen({ sent, triggers }: World): Promise<boolean> {
  const ids = [...sent].map((cause) => firingIdOf(cause, triggers));
  const firings = await Promise.all(ids.map((id) => stage.memory.ledger.read(id)));
  return firings.some((firing) => firing?.nextCheckAt !== undefined);
}

function firingsOf({ sent, triggers }: World): Promise<Firing[]> {
  return Promise.all(
    [...sent].map(async (cause) => {
      const id = firingIdOf(cause, triggers);
      const firing = await stage.memory.ledger.read(id);
      if (!firing) throw new Error(`${id} is lost`);
      return firing;
    }),
  );
}

/** Every execution of a trigger belongs to one of its firings, or to one that is unresolved or was insisted on. */
function checkEnds(firings: readonly Firing[], { created }: World): void {
  for (const { id, state, nextCheckAt } of firings) {
    expect(nextCheckAt, `${id} is ${state}`).toBeUndefined();
  }
  for (const [trigger, own] of created) {
    const its = firings.filter((firing) => firing.trigger === trigger);
    const owned = its.flatMap(({ execution }) => execution?.id ?? []);
    const states = its.map(({ state }) => state).join();
    expect(own, `${trigger} is ${states}`).toEqual(expect.arrayContaining(owned));
    if (its.every(({ state }) => STATES[state].hasNotRun)) expect(own, states).toEqual([]);
    if (its.some((firing) => insistedOn(firing) > 0)) continue;
    const doubtful = its.filter(({ state }) => state === 'unresolved').length;
    expect(own.length, `${trigger} is ${states}`).toBeLessThanOrEqual(owned.length + doubtful);
  }
}

/** What belongs to nobody, or to a person, has no owner, and nothing is cancelled that no answer named. */
async function checkOwners(firings: readonly Firing[], world: World): Promise<void> {
  const owned = firings.flatMap(({ id, execution }) => (execution ? [[execution.id, id]] : []));
  for (const [execution = '', id] of owned) {
    expect((await readOwner(execution, stage.memory))?.firing, execution).toBe(id);
  }
  for (const id of world.foreign) expect(await readOwner(id, stage.memory)).toBeUndefined();
  for (const id of stage.api.cancelled) expect(world.answered).toContain(id);
}

/**
 * What the budget counted for these firings: one for each that has started, or may have. What a person had sent again
 * in doubt may have run twice.
 */
async function checkCount(firings: readonly Firing[], before: AdmissionRecord): Promise<void> {
  const run = firings.filter(({ state }) => state === 'started' || state === 'unresolved');
  // One that is unresolved keeps its slot for some hours, since it may still be proven.
  const ids = firings.flatMap(({ id, state }) => (state === 'unresolved' ? [] : id));
  const { slots, spent } = await readAdmissionRecord(SHARED_ADMISSION, stage.memory.ledger);
  expect(slots.filter(({ firing }) => ids.includes(firing))).toEqual([]);
  if (spent.month?.period !== before.spent.month?.period) return;
  if (firings.some(({ retries }) => retries)) return;
  expect(spent.month?.runs ?? 0).toBe((before.spent.month?.runs ?? 0) + run.length);
}
