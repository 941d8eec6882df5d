import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { receive } from '../../../lambda/webhook/receive.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY, type Secrets, WEBHOOK_SECRET } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { type RemoteApi, startRemoteApi } from '../../support/remote-api.ts';
import {
  type Event,
  type Sender,
  senderSecrets,
  sent,
  TEXT_SECRET,
  TRIGGERS,
} from '../../support/senders.ts';

const { webhook: _, ...UNHOOKED } = NIGHTLY;

const CHOOSY: Trigger = {
  ...NIGHTLY,
  webhook: { verify: 'bearer', secret: 'hooks/bearer', allow: ['scenarioIds'], when: 'body' },
};

export const DEPLOYED: Record<string, Trigger> = {
  ...TRIGGERS,
  unhooked: UNHOOKED,
  choosy: CHOOSY,
};

let memory: MemoryLedger;

let clock: Clock;

export let api: RemoteApi;

export let secrets: Secrets;

export let core: Core;

let log: Record<string, unknown>[];

/** Has each test of the file begin with a server and secrets of its own. */
export function beginAnew(): void {
  beforeAll(async () => {
    memory = await startMemoryLedger();
  });
  afterAll(() => memory.stop());
  beforeEach(async () => {
    log = captureLog();
    clock = clockAt('2026-11-24T02:00:00Z');
    secrets = senderSecrets();
    api = await startRemoteApi({ now: clock.now });
    core = coreOn(memory, api, clock, secrets);
    return api.stop;
  });
}

export const at = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000);

let count = 0;

export const right = (sender: Sender, body?: string, now = clock.now()) => {
  count += 1;
  return sent(sender, `id-${count}`, now, body ?? `{"id":"evt-${count}"}`);
};

export const withHeaders = (event: Event, headers: Record<string, string>): Event => ({
  ...event,
  headers: { ...event.headers, ...headers },
});

export const without = (event: Event, ...names: string[]): Event => ({
  ...event,
  headers: Object.fromEntries(
    Object.entries(event.headers).filter(([name]) => !names.includes(name)),
  ),
});

export const withHeader = (event: Event, name: string, change: (value: string) => string) =>
  withHeaders(event, { [name]: change(event.headers[name] ?? '') });
export const to = (event: Event, trigger: string): Event => ({
  ...event,
  pathParameters: { trigger },
});

export const choosing = (body: string, headers = {}) =>
  withHeaders(to(right('bearer', body), 'choosy'), headers);
export const reading = (event: Event, firing: string): Event => ({
  ...event,
  pathParameters: { ...event.pathParameters, firing },
});

export const SCENARIO = '5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5';

/** Where the proof stands; each mutation damages it, or what it covers. */
export const PROOFS: Record<Sender, string> = {
  nightly: 'webhook-signature',
  github: 'x-hub-signature-256',
  gitlab: 'x-gitlab-token',
  bearer: 'authorization',
  hmac: 'x-signature',
};

/** A request that is answered with this status, starts nothing, and leaves no secret in the log. */
export async function expectNothing(event: Event, status: number): Promise<void> {
  const answer = await receive(event, DEPLOYED, core);
  expect(answer.statusCode).toBe(status);
  if (status === 401) expect(answer.body).toBe('{"error":"unverified"}');
  expect(api.posts).toEqual([]);
  expect(log.length).toBeLessThanOrEqual(1);
  for (const secret of [TEXT_SECRET, WEBHOOK_SECRET, ...proofsIn(event)]) {
    expect(JSON.stringify(log)).not.toContain(secret);
  }
}

/** What a reader of the log could use to send such a request. */
function proofsIn({ headers }: Event): string[] {
  return Object.values(PROOFS).flatMap((name) => headers[name]?.match(/[\w+/]{30,}/g) ?? []);
}
