import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { advance } from '../../lambda/advance.ts';
import type { Firing } from '../../lambda/firing/firing.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import {
  type AdmissionRecord,
  readAdmissionRecord,
  SHARED_ADMISSION,
} from '../../lambda/policies/admission-record.ts';
import { retryFiring } from '../../lambda/start/retry.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { trigger } from '../../lambda/trigger/trigger.ts';
import { captureLog } from '../support/captured-log.ts';
import { type Clock, clockAt } from '../support/clock.ts';
import { type Core, coreOn, NIGHTLY } from '../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../support/memory-ledger.ts';
import { json, type RemoteApi, startRemoteApi, well } from '../support/remote-api.ts';
import { runs } from '../support/runs.ts';

/** Of all triggers: never spent, so that every start is counted at a gate that all of them share. */
const BUDGET = { perMonth: 1_000_000 };

const HISTORIES = runs(150);

let memory: MemoryLedger;
let api: RemoteApi;
/** The server's clock: it never jumps. */
let serverClock: Clock;
beforeAll(async () => {
  serverClock = clockAt('2026-11-24T02:00:00Z');
  memory = await startMemoryLedger();
  api = await startRemoteApi({ now: serverClock.now });
});
afterAll(() => Promise.all([memory.stop(), api.stop()]));
beforeEach(() => {
  captureLog();
});

/** What may befall a function at a point where it waits for the ledger or the secret. */
type Hazard = 'none' | 'dies before' | 'dies after' | 'throttled';
/** What may befall an execute request. */
type Fate =
  | 'well'
  | 'created, reset'
  | 'reset'
  | 'created, 502'
  | '500'
  | '429'
  | '403'
  | 'created, garbage';

type Command =
  | { readonly kind: 'fire'; readonly cause: number; readonly hazards: readonly Hazard[] }
  | { readonly kind: 'sweep'; readonly hazards: readonly Hazard[] }
  /** A person has a firing sent again, if it waits for that. */
  | { readonly kind: 'retry'; readonly cause: number; readonly hazards: readonly Hazard[] }
  | { readonly kind: 'time passes'; readonly minutes: number }
  /** Our clock is set this far from the server's, which is right. */
  | { readonly kind: 'clock jumps'; readonly minutes: number };

interface History {
  readonly isBudgeted: boolean;
  readonly overlap: Trigger['overlap'];
  readonly onUnknown: Trigger['onUnknown'];
  readonly fates: readonly Fate[];
  readonly listFails: readonly boolean[];
  /** Commands of one inner list run at the same time. */
  readonly steps: readonly (readonly Command[])[];
}

const hazards = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Hazard>('none') },
    { weight: 2, arbitrary: fc.constantFrom<Hazard>('dies before', 'dies after', 'throttled') },
  ),
  { maxLength: 14 },
);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('fire' as const), cause: fc.nat(2), hazards }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('sweep' as const), hazards }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('retry' as const), cause: fc.nat(2), hazards }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('time passes' as const),
      minutes: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('clock jumps' as const),
      minutes: fc.integer({ min: -10, max: 10 }),
    }),
  },
);
const history: fc.Arbitrary<History> = fc.record({
  isBudgeted: fc.boolean(),
  overlap: fc.oneof(
    { weight: 4, arbitrary: fc.constant('allow' as const) },
    { weight: 1, arbitrary: fc.constantFrom('skip', 'buffer-one', 'cancel-other') },
  ),
  onUnknown: fc.oneof(
    { weight: 4, arbitrary: fc.constant('hold' as const) },
    { weight: 1, arbitrary: fc.constant('resend' as const) },
  ),
  fates: fc.array(
    fc.constantFrom<Fate>(
      'well',
      'created, reset',
      'reset',
      'created, 502',
      '500',
      '429',
      '403',
      'created, garbage',
    ),
    { maxLength: 6 },
  ),
  listFails: fc.array(fc.boolean(), { maxLength: 6 }),
  steps: fc.array(fc.array(command, { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 6,
  }),
});

test(
  `in ${HISTORIES} histories of duplicates, crashes, faults, retries and clock jumps no firing starts twice and none is lost`,
  async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(history, async (past) => {
        count += 1;
        const before = past.isBudgeted
          ? await readAdmissionRecord(SHARED_ADMISSION, memory.ledger)
          : undefined;
        const world = newWorld(past, `history-${count}`);
        for (const step of past.steps) {
          await Promise.all(step.map((each) => run(each, world)));
          await checkStarts(world);
        }
        await settleEverything(world);
        const firings = await endOf(world);
        if (before) await checkCount(firings, before);
      }),
      { numRuns: HISTORIES },
    );
  },
  runs(60_000),
);

/** One history's triggers on one run test, told apart by their simulator, so that they are each other's rivals. */
interface World {
  readonly past: History;
  readonly triggers: Readonly<Record<string, Trigger>>;
  readonly clock: Clock;
  /** Causes that a sender has sent and must see recorded in the end. */
  readonly sent: Set<number>;
  /** Execution ids by simulator, in the order of their creation. */
  readonly created: Map<string, string[]>;
}

function newWorld(past: History, name: string): World {
  const runTestId = randomUUID();
  const names = [0, 1, 2].map((cause) => `${name}-${cause}`);
  const triggers = Object.fromEntries(
    names.map((name) => {
      const execute = { selectAll: true, scenarioIds: [], simulatorId: name };
      const { onUnknown, overlap } = past;
      return [
        name,
        { ...NIGHTLY, runTestId, execute, onUnknown, overlap, startDeadlineMinutes: 30 },
      ];
    }),
  );
  const created = new Map<string, string[]>(names.map((name) => [name, []]));
  const clock = clockAt(serverClock.now().toISOString());
  const fates = [...past.fates];
  api.executions.splice(0);
  api.treatment = ({ response, request, post, create }) => {
    const { simulatorId } = JSON.parse(post.body);
    const createOwn = () => {
      const execution = create();
      created.get(simulatorId)?.push(execution.id);
      return execution;
    };
    const fate = fates.shift() ?? 'well';
    if (fate.startsWith('created, ')) createOwn();
    if (fate === 'well') well({ response, request, post, create: createOwn });
    else if (fate.endsWith('reset')) request.socket.resetAndDestroy();
    else json(response, fate.endsWith('garbage') ? 200 : Number(fate.slice(-3)), {});
  };
  const listFails = [...past.listFails];
  api.listStatus = () => (listFails.shift() ? 502 : undefined);
  return { past, triggers, clock, sent: new Set(), created };
}

async function run(command: Command, world: World): Promise<void> {
  const { clock } = world;
  switch (command.kind) {
    case 'time passes':
      clock.advance(command.minutes);
      serverClock.advance(command.minutes);
      return;
    case 'clock jumps':
      clock.advance(
        (serverClock.now().getTime() - clock.now().getTime()) / 60_000 + command.minutes,
      );
      return;
    case 'fire':
      world.sent.add(command.cause);
      return inFunction(command.hazards, world, (core) => fire(command.cause, world, core));
    case 'retry':
      return inFunction(command.hazards, world, (core) => retry(command.cause, world, core));
    case 'sweep':
      return inFunction(command.hazards, world, (core) =>
        sweep(core, minutesAfter(clock.now(), 1.5)),
      );
  }
}

function fire(cause: number, { triggers, clock }: World, core: Core): Promise<unknown> {
  const name = Object.keys(triggers)[cause];
  const event = { trigger: name, requestId: 'once' };
  return trigger(event, triggers, core, minutesAfter(clock.now(), 1));
}

async function retry(cause: number, { triggers, clock }: World, core: Core): Promise<void> {
  const id = `${Object.keys(triggers)[cause]}:command:once`;
  const retried = await retryFiring(id, { by: 'ada', reason: 'it is not there' }, core);
  if (retried.kind === 'retried') {
    await advance(retried.firing, core, minutesAfter(clock.now(), 1));
  }
}

/** Runs until the function ends, fails or dies; a dead one never does anything again. */
async function inFunction(
  hazards: readonly Hazard[],
  { clock, past }: World,
  body: (core: Core) => Promise<unknown>,
): Promise<void> {
  const { promise: death, resolve: die } = Promise.withResolvers<void>();
  const core = { ...coreOn(memory, api, clock), ...(past.isBudgeted && { budget: BUDGET }) };
  const endangered = { ...core, ledger: endanger(core.ledger, [...hazards], die) };
  await Promise.race([death, body(endangered).then(undefined, () => undefined)]);
}

function endanger(ledger: Ledger, hazards: Hazard[], die: () => void): Ledger {
  let dead = false;
  const neverAgain = () => {
    dead = true;
    die();
    return new Promise<never>(() => {});
  };
  const at = async <T>(action: () => Promise<T>): Promise<T> => {
    const hazard = dead ? 'dies before' : hazards.shift();
    if (hazard === 'dies before') return neverAgain();
    if (hazard === 'throttled') throw new Error('ProvisionedThroughputExceededException');
    const result = await action();
    return dead || hazard === 'dies after' ? neverAgain() : result;
  };
  return {
    ...ledger,
    record: (firing) => at(() => ledger.record(firing)),
    read: (id) => at(() => ledger.read(id)),
    write: (from, to) => at(() => ledger.write(from, to)),
    readItem: (id, schema) => at(() => ledger.readItem(id, schema)),
    writeItem: (read, note) => at(() => ledger.writeItem(read, note)),
    sentBetween: (...period) => at(() => ledger.sentBetween(...period)),
  };
}

/** Once, and once more for each time that a person has an `unresolved` one sent again. */
async function checkStarts({ past, created }: World): Promise<void> {
  if (past.onUnknown === 'resend') return;
  for (const [simulator, ids] of created) {
    if (ids.length < 2) continue;
    const firing = await memory.ledger.read(`${simulator}:command:once`);
    const allowed = 1 + (firing ? doubtsOf(firing) : 0);
    expect(ids.length, `${simulator} started`).toBeLessThanOrEqual(allowed);
  }
}

function doubtsOf({ retries = [] }: Firing): number {
  return retries.filter(({ from }) => from === 'unresolved').length;
}

/** The senders repeat what was not answered, time passes and sweeps run: everything must come to an end. */
async function settleEverything(world: World): Promise<void> {
  const { clock, sent } = world;
  for (const cause of sent) await inFunction([], world, (core) => fire(cause, world, core));
  for (let round = 0; round < 12 && (await isAnyOpen()); round += 1) {
    for (const execution of api.executions) execution.status = 'COMPLETED';
    clock.advance(12);
    serverClock.advance(12);
    await inFunction([], world, (core) => sweep(core, minutesAfter(clock.now(), 1.5)));
    await checkStarts(world);
  }
}

/** Of any history, but each ends before the next begins. */
async function isAnyOpen(): Promise<boolean> {
  for await (const _ of memory.ledger.open()) return true;
  return false;
}

async function endOf({ sent, triggers, past, created }: World): Promise<Firing[]> {
  const ids = [...sent].map((cause) => `${Object.keys(triggers)[cause]}:command:once`);
  return Promise.all(
    ids.map(async (id) => {
      const firing = await memory.ledger.read(id);
      if (!firing) throw new Error(`${id} is lost`);
      expect(firing.nextCheckAt, `${id} is ${firing.state}`).toBeUndefined();
      if (firing.state !== 'started') return firing;
      const own = created.get(firing.trigger) ?? [];
      const isSure = past.onUnknown === 'hold' && doubtsOf(firing) === 0;
      if (isSure) expect(own, `${id} owns`).toEqual([firing.execution.id]);
      else expect(own, `${id} owns`).toContain(firing.execution.id);
      return firing;
    }),
  );
}

/**
 * What the budget counted for these firings: one for each that has started, or may have. What a person had sent again
 * in doubt may have run twice.
 */
async function checkCount(firings: readonly Firing[], before: AdmissionRecord): Promise<void> {
  const run = firings.filter(({ state }) => state === 'started' || state === 'unresolved');
  const ids = firings.map(({ id }) => id);
  const { slots, spent } = await readAdmissionRecord(SHARED_ADMISSION, memory.ledger);
  expect(slots.filter(({ firing }) => ids.includes(firing))).toEqual([]);
  if (spent.month?.period !== before.spent.month?.period) return;
  if (firings.some((firing) => doubtsOf(firing) > 0)) return;
  expect(spent.month?.runs ?? 0).toBe((before.spent.month?.runs ?? 0) + run.length);
}

function minutesAfter(time: Date, minutes: number): Date {
  return new Date(time.getTime() + minutes * 60_000);
}
