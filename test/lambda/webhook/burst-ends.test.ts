import { beforeEach, expect, test } from 'vitest';
import { receive } from '../../../lambda/webhook/receive.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn } from '../../support/fixture.ts';
import { startMemoryLedger } from '../../support/memory-ledger.ts';
import { json, type RemoteApi, startRemoteApi, well } from '../../support/remote-api.ts';
import { senderSecrets, sent, TRIGGERS } from '../../support/senders.ts';

let clock: Clock;
let api: RemoteApi;
let core: Core;
beforeEach(async () => {
  captureLog();
  clock = clockAt('2026-11-24T02:00:00Z');
  const memory = await startMemoryLedger();
  api = await startRemoteApi({ now: clock.now });
  core = coreOn(memory, api, clock, senderSecrets());
  return async () => {
    await api.stop();
    await memory.stop();
  };
});

const { webhook } = TRIGGERS.bearer;
if (!webhook) throw new Error('bearer has no webhook');
const COALESCING = {
  ...TRIGGERS,
  bearer: { ...TRIGGERS.bearer, webhook: { ...webhook, coalesceMinutes: 60 } },
};

async function deliver(id: string, on = core) {
  const event = sent('bearer', id, clock.now(), '{}');
  const { statusCode, body } = await receive(event, COALESCING, on);
  return { http: statusCode, ...JSON.parse(body) };
}

test('a firing that did not run ends its burst', async () => {
  api.treatment = ({ response }) => json(response, 404, { message: 'Run test not found' });
  expect(await deliver('id-1')).toMatchObject({ http: 502, state: 'rejected' });
  api.treatment = well;
  expect(await deliver('id-2')).toMatchObject({
    http: 202,
    firing: 'bearer:delivery:id-2',
    state: 'started',
  });
  expect(await deliver('id-3')).toMatchObject({ firing: 'bearer:delivery:id-2', joined: true });
  expect(await deliver('id-2')).toMatchObject({ firing: 'bearer:delivery:id-2', duplicate: true });
  expect(api.posts).toHaveLength(2);
});

test('ten deliveries at once after a firing that did not run become one firing', async () => {
  api.treatment = ({ response }) => json(response, 404, { message: 'Run test not found' });
  await deliver('id-0');
  api.treatment = well;
  const ids = Array.from({ length: 10 }, (_, index) => `id-${index + 1}`);
  const answers = await Promise.all(ids.map((id) => deliver(id)));
  expect(new Set(answers.map(({ firing }) => firing)).size).toBe(1);
  expect(api.posts).toHaveLength(2);
});

test('a burst whose first delivery died before it was recorded counts from the next one', async () => {
  const dead = {
    ...core,
    ledger: { ...core.ledger, record: () => Promise.reject(new Error('killed')) },
  };
  await expect(deliver('id-1', dead)).rejects.toThrow('killed');
  clock.advance(50);
  expect(await deliver('id-2')).toMatchObject({ state: 'started', joined: true });
});

test('a redelivery long after a 503 starts', async () => {
  const dead = {
    ...core,
    ledger: { ...core.ledger, record: () => Promise.reject(new Error('down')) },
  };
  await expect(deliver('id-1', dead)).rejects.toThrow('down');
  clock.advance(20);
  expect(await deliver('id-1')).toMatchObject({ http: 202, state: 'started' });
});

test('the repetition of a refused delivery is refused as well', async () => {
  api.treatment = ({ response }) => json(response, 404, { message: 'Run test not found' });
  const first = await deliver('id-1');
  expect(await deliver('id-1')).toEqual({ ...first, duplicate: true });
  expect(first.http).toBe(502);
});
