import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { advance } from '../../lambda/advance.ts';
import type { Firing } from '../../lambda/firing/firing.ts';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import type { Budget } from '../../lambda/firing/policy.ts';
import type { ServiceEvent } from '../../lambda/firing/service-event.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import {
  admissionId,
  readAdmissionRecord,
  SHARED_ADMISSION,
} from '../../lambda/policies/admission-record.ts';
import { releaseSlot } from '../../lambda/policies/release.ts';
import { readRunTestRecord } from '../../lambda/policies/run-test-record.ts';
import type { ReadSecret } from '../../lambda/runtime/secrets.ts';
import { retryFiring } from '../../lambda/start/retry.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { trigger } from '../../lambda/trigger/trigger.ts';
import { receive } from '../../lambda/webhook/receive.ts';
import { captureLog } from '../support/captured-log.ts';
import { type Clock, clockAt } from '../support/clock.ts';
import {
  apiOn,
  type Core,
  coreOn,
  NIGHTLY,
  newSecrets,
  publishNow,
  signedDelivery,
} from '../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../support/memory-ledger.ts';
import { json, type RemoteApi, startRemoteApi, well } from '../support/remote-api.ts';

let memory: MemoryLedger;
let api: RemoteApi;
let clock: Clock;
let core: Core;
let log: Record<string, unknown>[];
let published: ServiceEvent[];
let count = 0;
/** Each test has triggers and a run test of its own on the shared ledger. */
let name: string;
let runTestId: string;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
beforeEach(async () => {
  log = captureLog();
  clock = clockAt('2026-11-24T02:00:00Z');
  api = await startRemoteApi({ now: clock.now });
  published = [];
  core = coreOn(memory, api, clock, newSecrets(), published);
  count += 1;
  name = `t-${count}`;
  runTestId = randomUUID();
  return () => api.stop();
});

function policies(changes: Partial<Trigger>): Trigger {
  return { ...NIGHTLY, runTestId, overlap: 'allow', ...changes };
}

const SCENARIO_1 = '00000000-0000-4000-8000-000000000001';
const SCENARIO_2 = '00000000-0000-4000-8000-000000000002';
const SCENARIO_3 = '00000000-0000-4000-8000-000000000003';

/** Fires, and publishes at once what the next sweep would publish. */
async function fire(requestId: string, entry: Trigger, on: Core = core, extra: object = {}) {
  const report = await fireOnly(requestId, entry, on, extra);
  await publishNow(report.firing, on);
  return report;
}

function fireOnly(requestId: string, entry: Trigger, on: Core = core, extra: object = {}) {
  return trigger({ trigger: name, requestId, ...extra }, { [name]: entry }, on, inMinutes(1));
}

function inMinutes(minutes: number): Date {
  return new Date(clock.now().getTime() + minutes * 60_000);
}

async function sweeps(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    clock.advance(1);
    await sweep(core, inMinutes(1.5));
  }
}

async function firingOf(requestId: string): Promise<Firing> {
  const firing = await memory.ledger.read(`${name}:command:${requestId}`);
  if (!firing) throw new Error(`${requestId} is not in the ledger`);
  return firing;
}

/** The server's newest execution gets this status. */
function becomes(status: string): void {
  const [newest, ...others] = api.executions.splice(0);
  if (newest) api.executions.push({ ...newest, status }, ...others);
}

const events = (event: string) => log.filter((entry) => entry.event === event);

test('of 100 firings at once, three start where the budget allows three a day', async () => {
  const entry = policies({ budget: { perDay: 3 } });
  const reports = await Promise.all(
    Array.from({ length: 100 }, (_, index) => fire(`r${index}`, entry)),
  );
  expect(api.posts).toHaveLength(3);
  expect(reports.filter(({ state }) => state === 'started')).toHaveLength(3);
  const skipped = reports.filter(({ state }) => state === 'skipped');
  expect(skipped).toHaveLength(97);
  expect(new Set(skipped.map(({ message }) => message))).toEqual(
    new Set([`The budget of ${name} is spent: 3 of 3 runs are spent on 2026-11-24`]),
  );
  expect(events('start_skipped')).toHaveLength(97);
  expect(events('budget_nearly_spent')).toEqual([
    {
      event: 'budget_nearly_spent',
      firing: expect.any(String),
      trigger: name,
      message: `The budget of ${name}: 3 of 3 runs are spent on 2026-11-24`,
    },
  ]);
});

test('a start by which a budget is nearly spent says so, although it is a further attempt of its firing', async () => {
  const entry = policies({ budget: { perDay: 5 } });
  api.treatment = ({ response }) => json(response, 404, {});
  const { firing } = await fire('r1', entry);
  await sweeps(1);
  api.treatment = well;
  for (const requestId of ['r2', 'r3', 'r4']) await fire(requestId, entry);
  const gate = await readAdmissionRecord(admissionId(name), core.ledger);
  const { day } = gate.spent;
  await core.ledger.writeItem(gate, { ...gate, spent: { day: day && { ...day, warned: false } } });
  await retryFiring(firing, { by: 'ada', reason: 'it exists now' }, core);
  await sweeps(1);
  const message = `The budget of ${name}: 4 of 5 runs are spent on 2026-11-24`;
  expect(published).toContainEqual(expect.objectContaining({ kind: 'budget', reasons: [message] }));
});

test('a schedule, a delivery and a person at once start one execution where starts may not overlap', async () => {
  const triggers = { [name]: policies({ overlap: 'skip' }) };
  const scheduledTime = clock.now().toISOString();
  const scheduled = { trigger: name, schedule: 0, scheduledTime };
  await Promise.all([
    trigger(scheduled, triggers, core, inMinutes(1)),
    receive(signedDelivery('d1', clock.now(), '{}', name), triggers, core),
    fire('r1', policies({ overlap: 'skip' })),
  ]);
  expect(api.posts).toHaveLength(1);
  expect(events('start_skipped')).toHaveLength(2);
  const [started] = events('execution_started');
  for (const { message, policy } of events('start_skipped')) {
    expect(policy).toBe('overlap');
    expect(message).toContain(`${started?.firing} (`);
    expect(message).toContain('is not over');
  }
});

test('the budget of the file holds across triggers', async () => {
  const shared = { ...core, budget: { perMonth: 5 } };
  const entry = policies({ budget: { perDay: 3 } });
  const names = [`${name}-a`, `${name}-b`, `${name}-c`];
  const triggers = Object.fromEntries(names.map((each) => [each, entry]));
  const requests = names.flatMap((each) =>
    Array.from({ length: 4 }, (_, index) => ({ trigger: each, requestId: `r${index}` })),
  );
  await Promise.all(requests.map((event) => trigger(event, triggers, shared, inMinutes(1))));
  expect(api.posts).toHaveLength(5);
  const gate = await readAdmissionRecord(SHARED_ADMISSION, core.ledger);
  expect(gate.spent.month).toMatchObject({ period: '2026-11', runs: 5, warned: true });
});

test('a skipped firing says so in the ledger, the log and to people, and is never tried again', async () => {
  const entry = policies({ overlap: 'skip' });
  await fire('r1', entry);
  const report = await fire('r2', entry);
  const executionId = (await firingOf('r1')).execution?.id;
  const reason = `${name}:command:r1 (started, execution ${executionId}) is not over (overlap: skip)`;
  expect(report).toMatchObject({ state: 'skipped', message: reason });
  expect(await firingOf('r2')).toMatchObject({ state: 'skipped', reason });
  expect(published).toContainEqual(
    expect.objectContaining({ kind: 'skipped', trigger: name, reasons: [reason] }),
  );
  expect(log.at(-1)).toEqual({
    event: 'start_skipped',
    firing: `${name}:command:r2`,
    trigger: name,
    policy: 'overlap',
    message: reason,
  });
  becomes('Completed');
  await sweeps(3);
  expect(api.posts).toHaveLength(1);
  expect((await fire('r3', entry)).state).toBe('started');
});

// what the server lists before the start, whether the firing starts
test.each([
  ['RUNNING', '2026-11-24T01:00:00Z', 'skipped'],
  ['Evaluating', '2026-11-24T01:00:00Z', 'skipped'],
  ['a new word', '2026-11-24T01:00:00Z', 'skipped'],
  ['cancelling', '2026-11-24T01:00:00Z', 'skipped'],
  ['Completed', '2026-11-24T01:00:00Z', 'started'],
  ['failed', '2026-11-24T01:00:00Z', 'started'],
  ['CANCELLED', '2026-11-24T01:00:00Z', 'started'],
  ['RUNNING', '2026-11-22T01:00:00Z', 'started'],
])(
  'an execution by hand that is %s since %s leaves a firing %s',
  async (status, started_at, state) => {
    api.executions.push({ id: 'by-hand', status, started_at, scenario_ids: [] });
    const report = await fire('r1', policies({ overlap: 'skip' }));
    expect(report.state).toBe(state);
    if (state === 'skipped') {
      const word = status.toLowerCase();
      expect(report.message).toBe(
        `execution by-hand (${word} at the server) is not over (overlap: skip)`,
      );
    }
  },
);

test('where the server’s list cannot be read the ledger alone judges, and the log says so', async () => {
  api.listStatus = () => 502;
  const entry = policies({ overlap: 'skip' });
  api.treatment = ({ response }) => json(response, 502, {});
  expect((await fire('r1', entry)).state).toBe('unknown');
  expect((await fire('r2', entry)).state).toBe('skipped');
  expect(events('known_executions_missed')).toHaveLength(2);
});

test('a followed execution is over when the ledger says so, or the server’s list before that', async () => {
  const entry = policies({ overlap: 'skip', follow: true });
  await fire('r1', entry);
  clock.advance(10);
  const listed = api.executions.splice(0);
  expect((await fire('r2', entry)).state).toBe('skipped');
  api.executions.push(...listed);
  becomes('Failed');
  expect((await firingOf('r1')).state).toBe('started');
  expect((await fire('r3', entry)).state).toBe('started');
  expect((await readRunTestRecord(runTestId, core.ledger)).slots).toEqual([
    { firing: `${name}:command:r3` },
  ]);
});

test('one firing waits until the running one is over, and a third is skipped', async () => {
  const entry = policies({ overlap: 'buffer-one', startDeadlineMinutes: 15 });
  await fire('r1', entry);
  expect((await fire('r2', entry)).state).toBe('due');
  expect(await fire('r3', entry)).toMatchObject({
    state: 'skipped',
    message: `${name}:command:r2 is waiting to start already`,
  });
  await sweeps(40);
  expect((await firingOf('r2')).state).toBe('due');
  expect(events('start_buffered')).toHaveLength(1);
  becomes('Completed');
  await sweeps(2);
  expect((await firingOf('r2')).state).toBe('started');
  expect(api.posts).toHaveLength(2);
});

test('of 20 firings at once one starts and one waits', async () => {
  const entry = policies({ overlap: 'buffer-one' });
  const reports = await Promise.all(
    Array.from({ length: 20 }, (_, index) => fire(`r${index}`, entry)),
  );
  const inState = (state: string) => reports.filter((report) => report.state === state);
  expect(inState('started')).toHaveLength(1);
  expect(inState('due')).toHaveLength(1);
  expect(inState('skipped')).toHaveLength(18);
});

test('a firing that waits and is not looked at again in time expires', async () => {
  const entry = policies({ overlap: 'buffer-one', startDeadlineMinutes: 15 });
  await fire('r1', entry);
  await fire('r2', entry);
  clock.advance(16);
  await sweep(core, inMinutes(1.5));
  expect((await firingOf('r2')).state).toBe('expired');
  expect((await fire('r3', entry)).state).toBe('due');
});

test('the running execution is cancelled once, and then the latest firing starts', async () => {
  const entry = policies({ overlap: 'cancel-other' });
  await fire('r1', entry);
  clock.advance(0.1);
  expect((await fire('r2', entry)).state).toBe('due');
  const executionId = (await firingOf('r1')).execution?.id;
  expect(api.cancelled).toEqual([executionId]);
  expect(events('overlap_cancelled')).toEqual([
    {
      event: 'overlap_cancelled',
      firing: `${name}:command:r2`,
      trigger: name,
      execution_id: executionId,
      cancelled_firing: `${name}:command:r1`,
    },
  ]);
  clock.advance(0.1);
  expect((await fire('r3', entry)).state).toBe('due');
  await sweeps(2);
  expect(await firingOf('r2')).toMatchObject({
    state: 'skipped',
    reason: `${name}:command:r3 came later and replaces it`,
  });
  expect(api.posts).toHaveLength(1);
  becomes('Cancelled');
  await sweeps(2);
  expect((await firingOf('r3')).state).toBe('started');
  expect(api.cancelled).toEqual([executionId]);
});

test('that a followed execution was cancelled for a later firing is known, and nobody has to hear of it', async () => {
  const entry = policies({ overlap: 'cancel-other', follow: true });
  await fire('r1', entry);
  clock.advance(0.1);
  await fire('r2', entry);
  becomes('Cancelled');
  await sweeps(2);
  expect(await firingOf('r1')).toMatchObject({
    state: 'cancelled',
    result: {
      verdict: 'inconclusive',
      reasons: [`It was cancelled for ${name}:command:r2 (overlap: cancel-other).`],
    },
  });
  expect((await firingOf('r2')).state).toBe('started');
  expect(published.map(({ kind, firing }) => `${kind} ${firing?.split(':').at(-1)}`)).toEqual([
    'started r1',
    'started r2',
  ]);
});

test('an execution that is not the trigger’s own is never cancelled', async () => {
  const started_at = clock.now().toISOString();
  api.executions.push({ id: 'by-hand', status: 'RUNNING', started_at, scenario_ids: [] });
  expect(await fire('r1', policies({ overlap: 'cancel-other' }))).toMatchObject({
    state: 'skipped',
    message: 'execution by-hand (running at the server) is not this trigger’s to cancel',
  });
  expect(api.cancelled).toEqual([]);
});

/** The core of a function that dies right before, or after, its nth call of a method of the ledger. */
function dying(method: 'write' | 'writeItem', call: number, moment: 'before' | 'after'): Core {
  let calls = 0;
  const at = async <T>(action: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls === call && moment === 'before') throw new Error('killed');
    const result = await action();
    if (calls === call) throw new Error('killed');
    return result;
  };
  const ledger: Ledger = {
    ...core.ledger,
    write: (from, to) =>
      method === 'write' ? at(() => core.ledger.write(from, to)) : core.ledger.write(from, to),
    writeItem: (read, note) =>
      method === 'writeItem'
        ? at(() => core.ledger.writeItem(read, note))
        : core.ledger.writeItem(read, note),
  };
  return { ...core, budget: { perDay: 1_000_000 }, ledger };
}

test.each([
  ['before it has a slot', 'writeItem', 1, 'before'],
  ['between the slot of its run test and its own budget', 'writeItem', 1, 'after'],
  ['between its own budget and that of all triggers', 'writeItem', 2, 'after'],
  ['with all its slots, before it is sent', 'writeItem', 3, 'after'],
  ['before the lease is written', 'write', 1, 'before'],
] as const)(
  'a function that dies %s loses nothing and counts once',
  async (_, method, call, moment) => {
    const entry = policies({ overlap: 'skip', budget: { perDay: 2 } });
    const before = (await readAdmissionRecord(SHARED_ADMISSION, core.ledger)).spent.day?.runs ?? 0;
    await expect(fire('r1', entry, dying(method, call, moment))).rejects.toThrow('killed');
    core = { ...core, budget: { perDay: 1_000_000 } };
    await sweeps(3);
    expect((await firingOf('r1')).state).toBe('started');
    expect(api.posts).toHaveLength(1);
    expect((await readAdmissionRecord(admissionId(name), core.ledger)).spent.day?.runs).toBe(1);
    expect((await readAdmissionRecord(SHARED_ADMISSION, core.ledger)).spent.day?.runs).toBe(
      before + 1,
    );
  },
);

test('a function that comes late to a firing that is over counts nothing', async () => {
  const entry = policies({ budget: { perDay: 2 } });
  const at = clock.now();
  const cause = { kind: 'command', requestId: 'r1' } as const;
  const { firing } = await memory.ledger.record(newFiring({ trigger: name, cause, at }, entry, at));
  for (const arrival of ['first', 'late']) {
    expect((await advance(firing, core, inMinutes(1))).state, arrival).toBe('started');
    await publishNow(firing.id, core);
  }
  expect(api.posts).toHaveLength(1);
  expect(await readAdmissionRecord(admissionId(name), core.ledger)).toMatchObject({
    slots: [],
    spent: { day: { runs: 1 } },
  });
});

test('what another trigger’s gate or policy refuses gives its share of the file’s budget back', async () => {
  const on: Core = { ...core, budget: { perDay: 1_000_000 } };
  const before = (await readAdmissionRecord(SHARED_ADMISSION, core.ledger)).spent.day?.runs ?? 0;
  const entry = policies({ overlap: 'skip' });
  await Promise.all(Array.from({ length: 10 }, (_, index) => fire(`r${index}`, entry, on)));
  expect(api.posts).toHaveLength(1);
  expect((await readAdmissionRecord(SHARED_ADMISSION, core.ledger)).spent.day?.runs).toBe(
    before + 1,
  );
});

// what becomes of the first firing, whether it stays counted
test.each([
  ['rejected', 404, 'started'],
  ['unresolved', 500, 'skipped'],
] as const)(
  'after a firing that is %s (HTTP %i) another one is %s',
  async (state, status, next) => {
    const entry = policies({ budget: { perDay: 1 } });
    api.treatment = ({ response }) => json(response, status, {});
    await fire('r1', entry);
    await sweeps(15);
    expect((await firingOf('r1')).state).toBe(state);
    api.treatment = well;
    expect((await fire('r2', entry)).state).toBe(next);
  },
);

test('an expired firing gives its share of the budget back', async () => {
  const entry = policies({ budget: { perDay: 1 } });
  api.treatment = ({ response }) => json(response, 429, {});
  await fire('r1', entry);
  expect((await fire('r2', entry)).state).toBe('skipped');
  clock.advance(16);
  await sweep(core, inMinutes(1.5));
  expect((await firingOf('r1')).state).toBe('expired');
  api.treatment = well;
  expect((await fire('r3', entry)).state).toBe('started');
});

test('an occurrence whose start deadline is over when it arrives starts nothing', async () => {
  const entry = policies({ startDeadlineMinutes: 15 });
  const scheduledTime = inMinutes(-15).toISOString();
  const event = { trigger: name, schedule: 0, scheduledTime };
  const report = await trigger(event, { [name]: entry }, core, inMinutes(1));
  expect(report).toMatchObject({
    state: 'expired',
    message: expect.stringContaining('Not started by'),
  });
  expect(api.posts).toEqual([]);
  expect(events('start_expired')).toHaveLength(1);
});

test('nothing is sent when the start deadline passes while the API is asked', async () => {
  api.listStatus = () => {
    clock.advance(0.9);
    return undefined;
  };
  const report = await fire('r1', policies({ startDeadlineMinutes: 0.5 }));
  expect(report.state).toBe('expired');
  expect(api.posts).toEqual([]);
});

test('a firing that expires says what has put it off last', async () => {
  api.treatment = ({ response }) => json(response, 429, { message: 'Slow down' });
  const { firing } = await fire('r1', policies({ startDeadlineMinutes: 5 }));
  const down: ReadSecret = async () => {
    throw new Error('Secrets Manager is down');
  };
  core = { ...core, api: apiOn(api.url, down, clock.now) };
  await sweeps(6);
  expect(await memory.ledger.read(firing)).toMatchObject({
    state: 'expired',
    reason: 'Not started by 2026-11-24T02:05:00.000Z: Secrets Manager is down',
  });
});

test('the next day begins in the named zone', async () => {
  core = { ...core, timezone: 'Europe/Berlin' };
  const entry = policies({ budget: { perDay: 1 } });
  clock = clockAt('2026-11-24T22:59:00Z');
  core = { ...core, now: clock.now, api: { ...core.api, now: clock.now } };
  expect((await fire('r1', entry)).state).toBe('started');
  expect((await fire('r2', entry)).state).toBe('skipped');
  clock.advance(1);
  expect((await fire('r3', entry)).state).toBe('started');
});

test('a release is the same however often it is repeated', async () => {
  const entry = policies({ overlap: 'skip', budget: { perDay: 5 } });
  api.treatment = ({ response }) => json(response, 404, {});
  await fire('r1', entry);
  const firing = await firingOf('r1');
  await releaseSlot(firing, core);
  await releaseSlot(firing, core);
  const gate = await readAdmissionRecord(admissionId(name), core.ledger);
  expect(gate.slots).toEqual([]);
  expect(gate.spent.day).toMatchObject({ runs: 0, scenarios: 0 });
});

test('a release that comes late takes no place from a firing that was sent again', async () => {
  const entry = policies({ overlap: 'skip', budget: { perDay: 5 } });
  api.treatment = ({ response }) => json(response, 404, {});
  await fireOnly('r1', entry);
  const rejected = await firingOf('r1');
  api.treatment = well;
  await retryFiring(rejected.id, { by: 'ada', reason: 'it exists now' }, core);
  expect((await advance(await firingOf('r1'), core, inMinutes(1))).state).toBe('started');
  await releaseSlot(rejected, core);
  expect(await readAdmissionRecord(admissionId(name), core.ledger)).toMatchObject({
    slots: [{ firing: rejected.id }],
    spent: { day: { runs: 1 } },
  });
});

// what is selected, what is counted before the start, what it has bought (two scenarios)
test.each<[string, Budget, Trigger['execute'], number]>([
  [
    'named ones',
    { perDay: 9 },
    { selectAll: false, scenarioIds: [SCENARIO_1, SCENARIO_2, SCENARIO_3] },
    3,
  ],
  ['all, where nobody counts them', { perDay: 9 }, { selectAll: true, scenarioIds: [] }, 1],
  ['all', { scenariosPerDay: 9 }, { selectAll: true, scenarioIds: [] }, 5],
  ['all but one', { scenariosPerDay: 9 }, { selectAll: true, scenarioIds: [SCENARIO_1] }, 4],
])('scenarios are counted: %s', async (_, budget, execute, counted) => {
  api.scenarios = Array.from({ length: 5 }, (_each, index) => ({
    id: `00000000-0000-4000-8000-00000000000${index}`,
    name: `S${index}`,
  }));
  await fireOnly('r1', policies({ budget, execute }));
  expect((await readAdmissionRecord(admissionId(name), core.ledger)).spent.day?.scenarios).toBe(
    counted,
  );
  await releaseSlot(await firingOf('r1'), core);
  expect((await readAdmissionRecord(admissionId(name), core.ledger)).spent.day?.scenarios).toBe(2);
});

test('a run of more scenarios than are left is skipped', async () => {
  api.scenarios = Array.from({ length: 5 }, (_, index) => ({
    id: `00000000-0000-4000-8000-00000000000${index}`,
    name: `S${index}`,
  }));
  expect(await fire('r1', policies({ budget: { scenariosPerDay: 4 } }))).toMatchObject({
    state: 'skipped',
    message: `The budget of ${name} is spent: 0 of 4 scenarios are spent on 2026-11-24, and this run has 5`,
  });
});
