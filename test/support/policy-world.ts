import { randomUUID } from 'node:crypto';
import { advance } from '../../lambda/advance.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import { pauseTrigger, resumeTrigger } from '../../lambda/policies/pause.ts';
import { addMinutes } from '../../lambda/runtime/time.ts';
import { retryFiring } from '../../lambda/start/retry.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { trigger } from '../../lambda/trigger/trigger.ts';
import { type EndangeredFunction, endangeredFunction } from './endangered-function.ts';
import { type Core, coreOn, NIGHTLY } from './fixture.ts';
import type { Hazard } from './history.ts';
import { type Stage, withLaggingIndex } from './history-world.ts';
import type { Fate, PolicyCommand, PolicyHistory } from './policy-history.ts';
import { json, startByPerson, well } from './remote-api.ts';

/** Two triggers of one run test; each firing has a simulator of its own, by which its executions are known. */
export interface PolicyWorld extends Stage {
  readonly past: PolicyHistory;
  readonly names: readonly [string, string];
  readonly runTestId: string;
  /** How many runs all triggers have in this month. */
  readonly limitOfAll: number;
  /** Ids of the firings, in the order in which they were asked for. */
  readonly fired: string[];
  /** What must not happen, and did. */
  readonly violations: string[];
  /** By what is paused (`all`, or a trigger): the firings that had their lease when the pause was complete. */
  readonly pauses: Map<string, ReadonlySet<string>>;
  /** The reasons of the pauses that were resumed, perhaps before they were known to be complete. */
  readonly ended: Set<string>;
  readonly leased: Set<string>;
  readonly retried: Set<string>;
  readonly created: { readonly id: string; readonly firing: string }[];
  /** Executions that a person started. */
  readonly foreign: Set<string>;
  readonly frozen: EndangeredFunction[];
  /** Firings whose first lease the index does not show yet. */
  readonly unindexed: Set<string>;
}

/** Longer than a sender lives: what a person starts after it is no request's of before. */
const APART_MINUTES = 4;

/** Prepares the server for a history. `counted`: what is counted of all triggers before it. */
export function newPolicyWorld(
  past: PolicyHistory,
  name: string,
  counted: number,
  stage: Stage,
): PolicyWorld {
  const world: PolicyWorld = {
    ...stage,
    past,
    names: [`${name}-a`, `${name}-b`],
    runTestId: randomUUID(),
    limitOfAll: counted + past.perMonthOfAll,
    fired: [],
    violations: [],
    pauses: new Map(),
    ended: new Set(),
    leased: new Set(),
    retried: new Set(),
    created: [],
    foreign: new Set(),
    frozen: [],
    unindexed: new Set(),
  };
  stage.api.executions.splice(0);
  const fates = [...past.fates];
  stage.api.treatment = ({ response, request, post, create }) => {
    const { simulatorId: firing } = JSON.parse(post.body);
    checkPause(firing, world);
    const createOwn = () => {
      checkOverlap(firing, world);
      const execution = create();
      world.created.push({ id: execution.id, firing });
      return execution;
    };
    const fate: Fate = fates.shift() ?? 'well';
    if (fate === 'well') return well({ response, request, post, create: createOwn });
    if (fate === 'created, reset') createOwn();
    if (fate.endsWith('reset')) return void request.socket.resetAndDestroy();
    if (fate === 'firewall') return void response.writeHead(403).end('<html>');
    json(response, Number(fate), { message: 'no' });
  };
  const listFails = [...past.listFails];
  stage.api.listStatus = () => (listFails.shift() ? 502 : undefined);
  return world;
}

function checkPause(firing: string, { pauses, retried, violations }: PolicyWorld): void {
  const name = firing.split(':')[0] ?? '';
  for (const what of ['all', name]) {
    const hadLease = pauses.get(what)?.has(firing) ?? true;
    if (!hadLease && !retried.has(firing)) violations.push(`${firing} left after pause ${what}`);
  }
}

function checkOverlap(firing: string, world: PolicyWorld): void {
  const { created, api, violations } = world;
  if (overlapOf(firing, world) === 'allow') return;
  const running = created.find(
    (other) =>
      other.firing !== firing &&
      overlapOf(other.firing, world) !== 'allow' &&
      api.executions.some(({ id, status }) => id === other.id && status === 'RUNNING'),
  );
  if (running) violations.push(`${firing} runs beside ${running.firing}`);
}

function overlapOf(firing: string, { names, past }: PolicyWorld) {
  return past.overlaps[firing.startsWith(`${names[0]}:`) ? 0 : 1];
}

/** Runs the commands of a step, and what froze before it, at the same time. */
export async function runPolicyStep(
  step: readonly PolicyCommand[],
  world: PolicyWorld,
): Promise<void> {
  for (const command of step) {
    if (command.kind === 'person runs') personRuns(command.scenarios, world);
  }
  const thawed = world.frozen.splice(0).map((each) => goOn(each, world));
  await Promise.all([...thawed, ...step.map((command) => run(command, world))]);
  world.unindexed.clear();
}

function personRuns(scenarios: 'one' | 'all', { api, foreign, serverClock }: PolicyWorld): void {
  if (scenarios === 'all') serverClock.advance(APART_MINUTES);
  foreign.add(startByPerson(api, serverClock.now(), scenarios === 'all' ? 2 : 1));
  if (scenarios === 'all') serverClock.advance(1);
}

async function run(command: PolicyCommand, world: PolicyWorld): Promise<void> {
  const { serverClock, api } = world;
  switch (command.kind) {
    case 'fire':
      return fire(command.trigger, world, command.hazards);
    case 'sweep':
      return sweepWorld(world, command.hazards);
    case 'retry':
      return inFunction(command.hazards, world, (core) => retry(world, core));
    case 'person runs':
      return;
    case 'pause':
      return pause(command.of, world);
    case 'resume':
      return resume(command.of, world);
    case 'executions end':
      for (const execution of api.executions) execution.status = 'COMPLETED';
      return;
    case 'time passes':
      serverClock.advance(command.minutes);
  }
}

function fire(index: 0 | 1, world: PolicyWorld, hazards: readonly Hazard[]): Promise<void> {
  const { names, past, runTestId, fired, serverClock } = world;
  const name = names[index];
  const requestId = `r${fired.length}`;
  const id = `${name}:command:${requestId}`;
  fired.push(id);
  const entry: Trigger = {
    ...NIGHTLY,
    runTestId,
    execute: { selectAll: true, scenarioIds: [], simulatorId: id },
    overlap: past.overlaps[index],
    follow: past.follow,
    onUnknown: past.onUnknown,
    startDeadlineMinutes: 30,
    ...(past.perMonth !== undefined && { budget: { perMonth: past.perMonth } }),
  };
  const until = addMinutes(serverClock.now(), 1);
  return inFunction(hazards, world, (core) =>
    trigger({ trigger: name, requestId }, { [name]: entry }, core, until),
  );
}

/** One sweep. */
function sweepWorld(world: PolicyWorld, hazards: readonly Hazard[] = []): Promise<void> {
  return inFunction(hazards, world, (core) => sweep(core, addMinutes(core.now(), 1.5)));
}

async function retry({ fired, retried, serverClock }: PolicyWorld, core: Core): Promise<void> {
  for (const id of fired.toReversed()) {
    const { state } = (await core.ledger.read(id)) ?? {};
    if (state !== 'rejected' && state !== 'unresolved') continue;
    retried.add(id);
    const result = await retryFiring(id, { by: 'ada', reason: 'again' }, core);
    if (result.kind === 'retried') {
      await advance(result.firing, core, addMinutes(serverClock.now(), 1));
    }
    return;
  }
}

async function pause(of: 0 | 1 | 'all', world: PolicyWorld): Promise<void> {
  const { names, memory, serverClock, pauses, ended, leased } = world;
  const what = of === 'all' ? undefined : names[of];
  const core = coreOn(memory, world.api, serverClock);
  const { reason } = await pauseTrigger({ trigger: what, by: 'ada', reason: randomUUID() }, core);
  if (!ended.has(reason)) pauses.set(what ?? 'all', new Set(leased));
}

async function resume(of: 0 | 1 | 'all', world: PolicyWorld): Promise<void> {
  const { names, memory, serverClock, pauses, ended } = world;
  const what = of === 'all' ? undefined : names[of];
  pauses.delete(what ?? 'all');
  const core = coreOn(memory, world.api, serverClock);
  const pause = await resumeTrigger({ trigger: what, by: 'ada', reason: 'Go on.' }, core);
  if (!pause) return;
  ended.add(pause.reason);
  pauses.delete(what ?? 'all');
}

/** Two may wait, one after the other, for six hours each: as long as one in doubt blocks them. */
const MOST_ROUNDS = 50;

/** Ends every pause, thaws what is frozen, and lets everything come to its end. */
export async function settlePolicyWorld(world: PolicyWorld): Promise<void> {
  for (const whose of [0, 1, 'all'] as const) await resume(whose, world);
  while (world.frozen.length > 0) await runPolicyStep([], world);
  for (let round = 0; round < MOST_ROUNDS && (await isAnyOpen(world)); round += 1) {
    const minutes = round < 14 ? 6 : 24;
    await runPolicyStep([{ kind: 'executions end' }, { kind: 'time passes', minutes }], world);
    await sweepWorld(world);
  }
}

async function isAnyOpen({ memory }: PolicyWorld): Promise<boolean> {
  for await (const _ of memory.ledger.open()) return true;
  return false;
}

function inFunction(
  hazards: readonly Hazard[],
  world: PolicyWorld,
  body: (core: Core) => Promise<unknown>,
): Promise<void> {
  const { memory, api, serverClock, limitOfAll, leased } = world;
  const core: Core = {
    ...coreOn(memory, api, serverClock),
    budget: { perMonth: limitOfAll },
  };
  const write: Ledger['write'] = async (from, to) => {
    const written = await core.ledger.write(from, to);
    if (written && to.state === 'sending') leased.add(to.id);
    if (written && to.state === 'due') leased.delete(to.id);
    return written;
  };
  const seen = withLaggingIndex({ ...core.ledger, write }, world);
  return goOn(
    endangeredFunction(hazards, seen, (ledger) => body({ ...core, ledger })),
    world,
  );
}

async function goOn(started: EndangeredFunction, { frozen }: PolicyWorld): Promise<void> {
  await started.run();
  if (started.isFrozen()) frozen.push(started);
}
