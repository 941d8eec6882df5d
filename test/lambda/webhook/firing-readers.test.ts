import { expect, test } from 'vitest';
import type { Core } from '../../support/fixture.ts';
import { json } from '../../support/remote-api.ts';
import { sent, TRIGGERS } from '../../support/senders.ts';
import {
  api,
  beginAnew,
  bodyOf,
  clock,
  core,
  deliver,
  log,
  SENDERS,
  withSettings,
} from './received-delivery.ts';

beginAnew();

const COALESCING = withSettings('bearer', { coalesceMinutes: 2, allow: ['scenarioIds'] });

const burst = (id: string, body = '{}') =>
  deliver(sent('bearer', id, clock.now(), body), COALESCING);

test('a burst becomes one firing, and each of its deliveries keeps it for days', async () => {
  const first = await burst('id-1');
  clock.advance(1.9);
  expect(await burst('id-2')).toMatchObject({ firing: 'bearer:delivery:id-1', joined: true });
  expect(log.at(-1)).toEqual({
    event: 'delivery_joined',
    firing: 'bearer:delivery:id-1',
    trigger: 'bearer',
    delivery: 'id-2',
  });
  clock.advance(0.2);
  expect(await burst('id-3')).toMatchObject({ firing: 'bearer:delivery:id-3', state: 'started' });
  clock.advance(7 * 1440 - 10);
  expect(await burst('id-2')).toMatchObject({ firing: first.firing, joined: true });
  expect(await burst('id-1')).toMatchObject({ firing: first.firing, duplicate: true });
  expect(api.posts).toHaveLength(2);
  expect(await burst('id-4')).toMatchObject({ firing: 'bearer:delivery:id-4', state: 'started' });
});

test.each(SENDERS)('%s reads what became of its firing', async (sender) => {
  api.treatment = ({ response }) => json(response, 429, {}, { 'retry-after': '60' });
  const { firing } = await deliver(sent(sender, 'id-1', clock.now(), bodyOf('id-1')));
  const read = async (id: string) =>
    deliver({
      ...sent(sender, 'read-1', clock.now(), ''),
      pathParameters: { trigger: sender, firing: id },
    });
  expect(await read(firing)).toMatchObject({ firing, state: 'due' });
  expect(api.posts).toHaveLength(1);
});

test('a firing of another trigger, or a claim on one, is not there for a reader', async () => {
  await deliver(sent('github', 'id-1', clock.now()));
  await burst('id-1');
  const ids = ['github:delivery:id-1', '/bearer:delivery:id-1'];
  const held = [
    await core.ledger.read('github:delivery:id-1'),
    await core.ledger.claimed('/bearer:delivery:id-1', clock.now()),
  ];
  expect(held.map((item) => item?.id)).toEqual(ids);
  for (const firing of ids) {
    const event = {
      ...sent('bearer', 'read-1', clock.now(), ''),
      pathParameters: { trigger: 'bearer', firing },
    };
    expect(await deliver(event)).toEqual({ http: 404, error: 'not_found' });
  }
});

test('a start that takes longer than the answer waits is answered with its state', async () => {
  const waits: string[] = [];
  const slow: Core = {
    ...core,
    handOver: async (_, until) => void waits.push(until.toISOString()),
  };
  expect(await deliver(sent('github', 'id-1', clock.now()), TRIGGERS, slow)).toMatchObject({
    http: 202,
    state: 'due',
  });
  expect(waits).toEqual(['2026-11-24T02:00:02.000Z']);
});

test('one who waits for a firing learns its end within seconds, also when others read it', async () => {
  const followed = withSettings('bearer', {}, { follow: true });
  const { firing } = await deliver(sent('bearer', 'id-1', clock.now()), followed);
  const [execution] = api.executions;
  const read = async (id: string) =>
    deliver({
      ...sent('bearer', id, clock.now(), ''),
      pathParameters: { trigger: 'bearer', firing },
    });
  const polledAt = async () => (await core.ledger.read(firing))?.polledAt;
  await read('read-1');
  expect(await polledAt()).toBe(undefined);
  clock.advance(0.1);
  await read('read-2');
  expect(await polledAt()).toBe('2026-11-24T02:00:06.000Z');
  clock.advance(0.05);
  await read('read-3');
  expect(await polledAt()).toBe('2026-11-24T02:00:06.000Z');
  clock.advance(0.05);
  if (execution) Object.assign(execution, { status: 'COMPLETED', completed_calls: 4 });
  expect(await read('read-4')).toMatchObject({ state: 'completed' });
});
