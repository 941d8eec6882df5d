import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Firing } from '../../../lambda/firing/firing.ts';
import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY, newSecrets, publishNow } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { type RemoteApi, startRemoteApi } from '../../support/remote-api.ts';

export let memory: MemoryLedger;

export let api: RemoteApi;

export let clock: Clock;

export let core: Core;

export let log: Record<string, unknown>[];

export let published: ServiceEvent[];

let count = 0;

/** Each test has triggers and a run test of its own on the shared ledger. */
export let name: string;

export let runTestId: string;

/** Has each test of the file begin with a trigger, a server and a clock of its own. */
export function beginAnew(): void {
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
}

/** What the rest of the test runs on. */
export function goOnWith(changed: Core): void {
  core = changed;
}

export function policies(changes: Partial<Trigger>): Trigger {
  return { ...NIGHTLY, runTestId, overlap: 'allow', ...changes };
}

/** Fires, and publishes at once what the next sweep would publish. */
export async function fire(requestId: string, entry: Trigger, on: Core = core, extra: object = {}) {
  const report = await fireOnly(requestId, entry, on, extra);
  await publishNow(report.firing, on);
  return report;
}

export function fireOnly(requestId: string, entry: Trigger, on: Core = core, extra: object = {}) {
  return trigger({ trigger: name, requestId, ...extra }, { [name]: entry }, on, inMinutes(1));
}

export function inMinutes(minutes: number): Date {
  return new Date(clock.now().getTime() + minutes * 60_000);
}

export async function sweeps(minutes: number, every = 1): Promise<void> {
  for (let minute = 0; minute < minutes; minute += every) {
    clock.advance(every);
    await sweep(core, inMinutes(1.5));
  }
}

export async function firingOf(requestId: string): Promise<Firing> {
  const firing = await memory.ledger.read(`${name}:command:${requestId}`);
  if (!firing) throw new Error(`${requestId} is not in the ledger`);
  return firing;
}

/** The server's newest execution gets this status. */
export function becomes(status: string): void {
  const [newest, ...others] = api.executions.splice(0);
  if (newest) api.executions.push({ ...newest, status }, ...others);
}

export const events = (event: string) => log.filter((entry) => entry.event === event);
