import { expect, test } from 'vitest';
import { advance } from '../../../lambda/advance.ts';
import type { Ledger } from '../../../lambda/ledger/ledger.ts';
import { receive } from '../../../lambda/webhook/receive.ts';
import { sent } from '../../support/senders.ts';
import { api, beginAnew, clock, core, deliver, log, withSettings } from './received-delivery.ts';

beginAnew();

const A = '5C1C30D3-7A39-4B94-9D34-5FF14D2B34F5';

const B = 'f3a3b7b7-6b0c-4d3a-8a50-0a4f8b2b7a11';

const lower = A.toLowerCase();

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

test('a delivery from before the trigger had bursts keeps its firing', async () => {
  const first = await deliver(sent('bearer', 'id-1', clock.now()));
  await burst('id-2');
  expect(await burst('id-1')).toEqual({ ...first, http: 200, duplicate: true });
});

test('a burst never spans two run tests', async () => {
  const { runTestId: _, ...unnamed } = COALESCING.bearer;
  for (const [id, runTest] of [
    ['id-1', 'Alpha'],
    ['id-2', 'Beta'],
  ] as const) {
    const answer = await deliver(sent('bearer', id, clock.now()), {
      ...COALESCING,
      bearer: { ...unnamed, runTest },
    });
    expect(answer).toMatchObject({ firing: `bearer:delivery:${id}` });
  }
});

test('20 deliveries at once become one firing', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => burst(`id-${index}`)));
  expect(new Set(answers.map(({ firing }) => firing)).size).toBe(1);
  expect(api.posts).toHaveLength(1);
});

test('deliveries that choose other scenarios do not join', async () => {
  await burst('id-1', `{"scenarioIds":["${A}"]}`);
  await burst('id-2', `{"scenarioIds":["${B}"]}`);
  await burst('id-3', `{"scenarioIds":["${lower}"]}`);
  expect(api.posts).toHaveLength(2);
});

test.each([1, 2, 3])(
  'when the first of a burst dies after step %i, the next one fires for it, and nothing fires twice',
  async (steps) => {
    let left = steps;
    const dying = <T>(write: () => Promise<T>): Promise<T> => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('killed')) : write();
    };
    const ledger: Ledger = {
      ...core.ledger,
      claim: (...args: Parameters<typeof core.ledger.claim>) =>
        dying(() => core.ledger.claim(...args)),
      record: (...args: Parameters<typeof core.ledger.record>) =>
        dying(() => core.ledger.record(...args)),
    };
    const handOver = () => dying(async () => undefined);
    const event = sent('bearer', 'id-1', clock.now());
    await expect(receive(event, COALESCING, { ...core, ledger, handOver })).rejects.toThrow(
      'killed',
    );
    expect(await burst('id-2')).toMatchObject({ firing: 'bearer:delivery:id-1', joined: true });
    expect(await burst('id-1')).toMatchObject({ firing: 'bearer:delivery:id-1' });
    const firing = await core.ledger.read('bearer:delivery:id-1');
    if (firing) await advance(firing, core, new Date(clock.now().getTime() + 60_000));
    expect(api.posts).toHaveLength(1);
  },
);
