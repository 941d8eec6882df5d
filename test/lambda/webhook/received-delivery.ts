import { beforeEach } from 'vitest';
import type { Trigger, Webhook } from '../../../lambda/firing/trigger.ts';
import { receive } from '../../../lambda/webhook/receive.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { type RemoteApi, startRemoteApi } from '../../support/remote-api.ts';
import { type Event, type Sender, senderSecrets, TRIGGERS } from '../../support/senders.ts';

let memory: MemoryLedger;

export let clock: Clock;

export let api: RemoteApi;

export let core: Core;

export let log: Record<string, unknown>[];

/** Has each test of the file begin with a ledger, a server and a clock of its own. */
export function beginAnew(): void {
  beforeEach(async () => {
    log = captureLog();
    clock = clockAt('2026-11-24T02:00:00Z');
    memory = await startMemoryLedger();
    api = await startRemoteApi({ now: clock.now });
    core = coreOn(memory, api, clock, senderSecrets());
    return async () => {
      await api.stop();
      await memory.stop();
    };
  });
}

export const SENDERS: Sender[] = ['nightly', 'github', 'gitlab', 'bearer', 'hmac'];

export const bodyOf = (id: string) => JSON.stringify({ id });

export async function deliver(
  event: Event,
  triggers: Record<string, Trigger> = TRIGGERS,
  on = core,
) {
  const { statusCode, body } = await receive(event, triggers, on);
  return { http: statusCode, ...JSON.parse(body) };
}

/** The triggers with these settings on the webhook of one of them. */
export function withSettings(
  sender: Sender,
  settings: Partial<Pick<Webhook, 'when' | 'allow' | 'coalesceMinutes'>>,
  trigger: Partial<Trigger> = {},
) {
  const { webhook } = TRIGGERS[sender];
  if (!webhook) throw new Error(`${sender} has no webhook`);
  return {
    ...TRIGGERS,
    [sender]: { ...TRIGGERS[sender], ...trigger, webhook: { ...webhook, ...settings } },
  };
}
