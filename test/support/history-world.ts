import { randomUUID } from 'node:crypto';
import { advance } from '../../lambda/advance.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import { retryFiring } from '../../lambda/start/retry.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { trigger } from '../../lambda/trigger/trigger.ts';
import { type Clock, clockAt } from './clock.ts';
import { type EndangeredFunction, endangeredFunction } from './endangered-function.ts';
import { type Core, coreOn, NIGHTLY } from './fixture.ts';
import type { Command, Hazard, History } from './history.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import { json, type RemoteApi, startByPerson, well } from './remote-api.ts';

/** Of all triggers: never spent, so that every start is counted at a record that all of them share. */
const BUDGET = { perMonth: 1_000_000 };
/** Longer than a sender lives: what a person starts after it is no request's of before. */
const APART_MINUTES = 4;

/** What may fire. */
export const CAUSES = [0, 1, 2] as const;

/** What all histories share. */
export interface Stage {
  readonly memory: MemoryLedger;
  readonly api: RemoteApi;
  /** The server's clock: it never jumps. */
  readonly serverClock: Clock;
}

/**
 * One history's triggers on one run test, told apart by their simulator, so that they are each other's rivals. Where
 * starts may not overlap, all causes fire the one trigger.
 */
export interface World extends Stage {
  readonly past: History;
  readonly triggers: Readonly<Record<string, Trigger>>;
  readonly clock: Clock;
  /** Causes that a sender has sent and must see recorded in the end. */
  readonly sent: Set<number>;
  /** Execution ids by trigger, in the order of their creation. */
  readonly created: Map<string, string[]>;
  /** Executions that a person started. */
  readonly foreign: Set<string>;
  /** Executions that an answer named. */
  readonly answered: Set<string>;
  readonly frozen: EndangeredFunction[];
  /** Firings whose first lease the index does not show yet. */
  readonly unindexed: Set<string>;
}

/** Prepares the server for a history. */
export function newWorld(past: History, name: string, stage: Stage): World {
  const { api, serverClock } = stage;
  const runTestId = randomUUID();
  const { onUnknown, overlap } = past;
  const causes = overlap === 'allow' ? CAUSES : CAUSES.slice(0, 1);
  const names = causes.map((cause) => `${name}-${cause}`);
  const triggers = Object.fromEntries(
    names.map((each) => {
      const execute = { selectAll: true, scenarioIds: [], simulatorId: each };
      const policies = { onUnknown, overlap, startDeadlineMinutes: 30 };
      return [each, { ...NIGHTLY, runTestId, execute, ...policies }];
    }),
  );
  const world: World = {
    ...stage,
    past,
    triggers,
    clock: clockAt(serverClock.now().toISOString()),
    sent: new Set(),
    created: new Map(names.map((each) => [each, []])),
    foreign: new Set(),
    answered: new Set(),
    frozen: [],
    unindexed: new Set(),
  };
  api.executions.splice(0);
  api.cancelled.splice(0);
  treatBadly(world);
  const listFails = [...past.listFails];
  api.listStatus = () => (listFails.shift() ? 502 : undefined);
  return world;
}

function treatBadly({ api, past, created, answered }: World): void {
  const fates = [...past.fates];
  api.treatment = ({ response, request, post, create }) => {
    const { simulatorId } = JSON.parse(post.body);
    const createOwn = () => {
      const execution = create();
      created.get(simulatorId)?.push(execution.id);
      return execution;
    };
    const fate = fates.shift() ?? 'well';
    if (fate === 'well') {
      const execution = createOwn();
      answered.add(execution.id);
      return well({ response, request, post, create: () => execution });
    }
    if (fate.startsWith('created, ')) createOwn();
    if (fate.endsWith('reset')) return void request.socket.resetAndDestroy();
    const message = fate.endsWith('400') ? 'Failed to start test execution' : 'no';
    json(response, fate.endsWith('garbage') ? 200 : Number(fate.slice(-3)), { message });
  };
}

/** Runs the commands of a step, and what froze before it, at the same time. */
export async function runStep(step: readonly Command[], world: World): Promise<void> {
  for (const command of step) {
    if (command.kind === 'clock jumps') await jump(command.minutes, world);
    if (command.kind === 'person runs') personRuns(command.scenarios, world);
  }
  const thawed = world.frozen.splice(0).map((each) => goOn(each, world));
  await Promise.all([...thawed, ...step.map((command) => run(command, world))]);
  world.unindexed.clear();
}

/** A frozen machine's clock is set when it goes on, so none is frozen while ours jumps. */
async function jump(minutes: number, world: World): Promise<void> {
  await thawAll(world);
  const { clock, serverClock } = world;
  clock.advance((serverClock.now().getTime() - clock.now().getTime()) / 60_000 + minutes);
}

/** Lets everything that is frozen run to its end. */
export async function thawAll(world: World): Promise<void> {
  while (world.frozen.length > 0) {
    await Promise.all(world.frozen.splice(0).map((each) => goOn(each, world)));
  }
}

function personRuns(scenarios: 'one' | 'all', world: World): void {
  const { api, foreign, serverClock } = world;
  if (scenarios === 'all') pass(APART_MINUTES, world);
  foreign.add(startByPerson(api, serverClock.now(), scenarios === 'all' ? 2 : 1));
  if (scenarios === 'all') pass(1, world);
}

/** On both clocks. */
export function pass(minutes: number, { clock, serverClock }: World): void {
  clock.advance(minutes);
  serverClock.advance(minutes);
}

async function run(command: Command, world: World): Promise<void> {
  switch (command.kind) {
    case 'clock jumps':
    case 'person runs':
      return;
    case 'time passes':
      return pass(command.minutes, world);
    case 'fire':
      world.sent.add(command.cause);
      return fire(command.cause, world, command.hazards);
    case 'retry':
      return retry(command, world);
    case 'sweep':
      return sweepOnce(world, command.hazards);
  }
}

/** The sender of a cause sends it, once more if it has before. */
export function fire(cause: number, world: World, hazards: readonly Hazard[] = []): Promise<void> {
  const { triggers, clock } = world;
  const event = { trigger: triggerOf(cause, triggers), requestId: `once-${cause}` };
  return inFunction(hazards, world, (core) =>
    trigger(event, triggers, core, minutesAfter(clock.now(), 1)),
  );
}

/** One sweep. */
export function sweepOnce(world: World, hazards: readonly Hazard[] = []): Promise<void> {
  return inFunction(hazards, world, (core) => sweep(core, minutesAfter(core.now(), 1.5)));
}

/** A person has a cause's firing sent again, if it waits for that. */
export function retry(
  { cause, sendAnyway, hazards }: Omit<Extract<Command, { kind: 'retry' }>, 'kind'>,
  world: World,
): Promise<void> {
  const { triggers, clock } = world;
  return inFunction(hazards, world, async (core) => {
    const order = { by: 'ada', reason: 'it is not there', sendAnyway };
    const retried = await retryFiring(firingIdOf(cause, triggers), order, core);
    if (retried.kind === 'retried') {
      await advance(retried.firing, core, minutesAfter(clock.now(), 1));
    }
  });
}

/** The id of a cause's only firing. */
export function firingIdOf(cause: number, triggers: World['triggers']): string {
  return `${triggerOf(cause, triggers)}:command:once-${cause}`;
}

function triggerOf(cause: number, triggers: World['triggers']): string | undefined {
  const names = Object.keys(triggers);
  return names[cause % names.length];
}

function inFunction(
  hazards: readonly Hazard[],
  world: World,
  body: (core: Core) => Promise<unknown>,
): Promise<void> {
  const { memory, api, clock, past } = world;
  const core = { ...coreOn(memory, api, clock), ...(past.isBudgeted && { budget: BUDGET }) };
  const seen = withLaggingIndex(core.ledger, world);
  const started = endangeredFunction(hazards, seen, (ledger) => body({ ...core, ledger }));
  return goOn(started, world);
}

async function goOn(started: EndangeredFunction, { frozen }: World): Promise<void> {
  await started.run();
  if (started.isFrozen()) frozen.push(started);
}

/** The index of a step shows no firing that got its first lease in that step. */
export function withLaggingIndex(
  ledger: Ledger,
  { unindexed }: { readonly unindexed: Set<string> },
): Ledger {
  return {
    ...ledger,
    write(from, to) {
      if (to.state === 'sending' && from.sentAt === undefined) unindexed.add(from.id);
      return ledger.write(from, to);
    },
    async sentBetween(...period) {
      const sent = await ledger.sentBetween(...period);
      return sent.filter(({ id }) => !unindexed.has(id));
    },
  };
}

function minutesAfter(time: Date, minutes: number): Date {
  return new Date(time.getTime() + minutes * 60_000);
}
