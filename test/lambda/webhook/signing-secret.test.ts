import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { receive } from '../../../lambda/webhook/receive.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import {
  type Core,
  coreOn,
  NIGHTLY,
  newSecrets,
  type Secrets,
  signedDelivery,
} from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { type RemoteApi, startRemoteApi } from '../../support/remote-api.ts';

const { webhook: _, ...UNHOOKED } = NIGHTLY;
const TRIGGERS = { nightly: NIGHTLY, unhooked: UNHOOKED };

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());

let clock: Clock;
let api: RemoteApi;
let secrets: Secrets;
let core: Core;
let log: Record<string, unknown>[];
beforeEach(async () => {
  log = captureLog();
  clock = clockAt('2026-11-24T02:00:00Z');
  secrets = newSecrets();
  api = await startRemoteApi({ now: clock.now });
  core = coreOn(memory, api, clock, secrets);
  return api.stop;
});

let count = 0;
/** A delivery id that no other test uses. */
function freshId(): string {
  count += 1;
  return `msg_${count}`;
}

test.each(['nightly', 'unhooked', 'weekly'])(
  'what is wrong for %s costs the same look at a secret, at most every 30 s anew',
  async (trigger) => {
    const reads: unknown[] = [];
    const readSecret: Core['readSecret'] = async (...read) => {
      reads.push(read);
      return core.readSecret(...read);
    };
    const event = { ...signedDelivery(freshId(), clock.now()), pathParameters: { trigger } };
    await receive({ ...event, body: 'other' }, TRIGGERS, { ...core, readSecret });
    expect(reads).toEqual([['hooks/nightly'], ['hooks/nightly', 30_000]]);
  },
);

test('a signing secret that was rotated a moment ago is read again', async () => {
  const stale = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const readSecret: Core['readSecret'] = async (id, maxAgeMs) =>
    id === 'hooks/nightly' && maxAgeMs === undefined ? stale : core.readSecret(id);
  const event = signedDelivery(freshId(), clock.now());
  expect((await receive(event, TRIGGERS, { ...core, readSecret })).statusCode).toBe(202);
});

test.each(['', 'whsec_c2hvcnQ='])(
  'the unusable signing secret %j verifies nothing',
  async (secret) => {
    secrets['hooks/nightly'] = secret;
    const event = signedDelivery(freshId(), clock.now());
    expect((await receive(event, TRIGGERS, core)).statusCode).toBe(401);
    expect(log[0]).toMatchObject({ event: 'webhook_secret_rejected', trigger: 'nightly' });
  },
);

test('without its secret the webhook asks the sender to come back and starts nothing', async () => {
  const readSecret = () => Promise.reject(new Error('Secrets Manager is down'));
  const event = signedDelivery(freshId(), clock.now());
  await expect(receive(event, TRIGGERS, { ...core, readSecret })).rejects.toThrow('is down');
  expect(api.posts).toEqual([]);
});
