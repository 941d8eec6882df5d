import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { secretsManager } from '../../../lambda/runtime/aws.ts';
import { secretReader } from '../../../lambda/runtime/secrets.ts';
import { receive } from '../../../lambda/webhook/receive.ts';
import { InputError } from '../../../lib/input-error.ts';
import type { LoopbackServer } from '../../../lib/local/server/http-server.ts';
import { startSecretsManager } from '../../../lib/local/services/secrets-manager.ts';
import { awsAt } from '../../support/aws-at.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY, newSecrets, signedDelivery } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { startRemoteApi } from '../../support/remote-api.ts';

let memory: MemoryLedger;
let secrets: LoopbackServer;
let reads: string[];
let isDown: boolean;
beforeAll(async () => {
  memory = await startMemoryLedger();
  const values = newSecrets();
  secrets = await startSecretsManager('KEY', (id) => {
    reads.push(id);
    if (isDown) throw new InputError('Secrets Manager is down');
    return values[id];
  });
});
afterAll(async () => {
  await secrets.stop();
  await memory.stop();
});

let clock: Clock;
let core: Core;
beforeEach(async () => {
  captureLog();
  isDown = false;
  reads = [];
  clock = clockAt('2026-11-24T02:00:00Z');
  const api = await startRemoteApi({ now: clock.now });
  const readSecret = secretReader(secretsManager(awsAt(secrets.url)), clock.now);
  core = { ...coreOn(memory, api, clock), readSecret };
  return api.stop;
});

let count = 0;
async function deliver(change: { body?: string } = {}): Promise<number> {
  count += 1;
  const event = { ...signedDelivery(`msg_${count}`, clock.now()), ...change };
  return (await receive(event, { nightly: NIGHTLY }, core)).statusCode;
}

/** Ten refused requests a second, for so many seconds. */
async function flood(seconds: number): Promise<unknown[]> {
  const outcomes = [];
  for (let sent = 0; sent < seconds * 10; sent += 1) {
    outcomes.push(await deliver({ body: 'forged' }).catch((error: Error) => error.message));
    clock.advance(0.1 / 60);
  }
  return [...new Set(outcomes)];
}

test('a minute’s flood of wrong signatures reads the secret every 30 s, and a right one is accepted', async () => {
  expect(await flood(60)).toEqual([401]);
  expect(reads).toHaveLength(2);
  expect(await deliver()).toBe(202);
});

test('while Secrets Manager is down, a flood asks it every 30 s, and a right signature is accepted', async () => {
  expect(await deliver()).toBe(202);
  reads = [];
  isDown = true;
  clock.advance(1);
  expect(await flood(60)).toEqual(['Secrets Manager is down']);
  expect(reads).toHaveLength(2);
  expect(await deliver()).toBe(202);
});
