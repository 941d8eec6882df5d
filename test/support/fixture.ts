import { Webhook } from 'standardwebhooks';
import { type Api, deployedApi } from '../../lambda/api/api.ts';
import type { Dialect } from '../../lambda/api/dialect.ts';
import type { Published, ServiceEvent } from '../../lambda/firing/service-event.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import type { Limits } from '../../lambda/runtime/limits.ts';
import type { ReadSecret } from '../../lambda/runtime/secrets.ts';
import { addMs } from '../../lambda/runtime/time.ts';
import { startRecorded } from '../../lambda/starter/start-recorded.ts';
import { publishAll } from '../../lambda/sweep/publish-all.ts';
import type { SweepContext } from '../../lambda/sweep/step.ts';
import type { TriggerContext } from '../../lambda/trigger/trigger.ts';
import type { ReceiveContext } from '../../lambda/webhook/receive.ts';
import { snsSite } from '../../lambda/webhook/sns-site.ts';
import type { Clock } from './clock.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import type { RemoteApi } from './remote-api.ts';

export const API_KEY = 'fi-key-1234567890';
/** The other half, where the key is a pair. */
export const SECRET_KEY = 'fi-secret-0987654321';
export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

/** The trigger that the tests of the functions fire. */
export const NIGHTLY: Trigger = {
  runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  execute: { selectAll: true, scenarioIds: [] },
  schedules: [],
  webhook: { verify: 'standard-webhooks', secret: 'hooks/nightly' },
  startDeadlineMinutes: 15,
  onUnknown: 'hold',
  unknownGraceMinutes: 10,
  follow: false,
  maxDurationMinutes: 360,
  missedAfterMinutes: 10,
  overlap: 'allow',
  pauseAfterRejected: 5,
};

/** Secrets in memory, by name; tests rotate them. */
export type Secrets = Record<string, string>;

/** Real time: long enough for a loaded machine, so that only a test that asks for it sees a time-out. */
const PATIENT: Limits = {
  connectMs: 60_000,
  postMs: 60_000,
  postLeastMs: 1,
  listBeforeMs: 60_000,
  pageMs: 60_000,
  settleMs: 0,
};

/** The starter function's time limit. */
const STARTER_MS = 60_000;

/** What the functions need, all together. */
export type Core = SweepContext & ReceiveContext & TriggerContext;

interface ApiSettings {
  readonly apiDialect?: Dialect;
  readonly limits?: Partial<Limits>;
}

/** A core on a memory ledger, a remote API and a clock. */
export function coreOn(
  memory: Pick<MemoryLedger, 'ledger'>,
  api: Pick<RemoteApi, 'url'>,
  clock: Pick<Clock, 'now'>,
  secrets = newSecrets(),
  published: ServiceEvent[] = [],
  settings: ApiSettings = {},
): Core {
  const readSecret: ReadSecret = async (id) => {
    const value = secrets[id];
    if (value === undefined) throw new Error(`no secret ${id}`);
    return value;
  };
  const core = {
    ledger: memory.ledger,
    readSecret,
    sns: snsSite(async ({ host }) => {
      throw new Error(`no test asks ${host}`);
    }),
    api: apiOn(api.url, readSecret, clock.now, settings),
    retentionDays: 90,
    publish: async (events: readonly Published[]) =>
      void published.push(
        ...events.flatMap((event) =>
          event.kind === 'several' || event.kind === 'summary' ? [] : [event],
        ),
      ),
    timezone: 'UTC',
    repeatAfterMinutes: 720,
    looks: new Map(),
    wakeSweep: async () => {},
    now: clock.now,
  };
  return {
    ...core,
    handOver: ({ id, revision }) =>
      startRecorded({ firing: id, revision }, core, addMs(clock.now(), STARTER_MS)),
  };
}

/** Publishes a firing's events, as the next sweep does. */
export async function publishNow(id: string, core: Core): Promise<void> {
  const firing = await core.ledger.read(id);
  if (!firing?.outbox) return;
  await publishAll([firing], core, (_, error) => {
    throw error;
  });
}

/** The API at this address, with a patient client and nothing looked up yet. */
export function apiOn(
  url: string,
  readSecret: ReadSecret,
  now: () => Date,
  { limits, ...settings }: ApiSettings = {},
): Api {
  const api = deployedApi({ apiKeySecret: 'api-key', ...settings }, readSecret, url, now);
  return { ...api, limits: { ...PATIENT, ...limits } };
}

export function newSecrets(): Secrets {
  return { 'api-key': API_KEY, 'hooks/nightly': WEBHOOK_SECRET };
}

/** Where API Gateway was asked for this trigger's webhook. */
export function addressOf(trigger: string) {
  return {
    rawPath: `/hooks/${encodeURIComponent(trigger)}`,
    requestContext: { domainName: 'hooks.example.com' },
  };
}

/** API Gateway's event for a signed delivery. */
export function signedDelivery(id: string, now: Date, body = '{}', trigger = 'nightly') {
  return {
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(WEBHOOK_SECRET).sign(id, now, body),
    },
    body,
    isBase64Encoded: false,
    pathParameters: { trigger },
    ...addressOf(trigger),
  };
}
