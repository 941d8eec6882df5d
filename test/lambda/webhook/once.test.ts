import { expect, test } from 'vitest';
import { sent } from '../../support/senders.ts';
import { api, beginAnew, bodyOf, clock, deliver, SENDERS } from './received-delivery.ts';

beginAnew();

test.each(SENDERS)('a redelivery by %s after 3 days starts nothing', async (sender) => {
  const first = await deliver(sent(sender, 'id-1', clock.now(), bodyOf('id-1')));
  clock.advance(3 * 1440);
  const again = await deliver(sent(sender, 'id-1', clock.now(), bodyOf('id-1')));
  expect(first).toMatchObject({ http: 202, state: 'started' });
  expect(again).toEqual({ ...first, http: 200, duplicate: true });
  expect(api.posts).toHaveLength(1);
});

test.each(SENDERS)(
  'two deliveries by %s with different ids start two executions',
  async (sender) => {
    await deliver(sent(sender, 'id-1', clock.now(), bodyOf('id-1')));
    await deliver(sent(sender, 'id-2', clock.now(), bodyOf('id-2')));
    expect(api.posts).toHaveLength(2);
  },
);

test('20 copies of a GitHub delivery at once start one execution', async () => {
  const event = sent('github', 'id-1', clock.now());
  await Promise.all(Array.from({ length: 20 }, () => deliver(event)));
  expect(api.posts).toHaveLength(1);
});

test('a GitHub body replayed under another id gets the firing of the first', async () => {
  const first = await deliver(sent('github', 'id-1', clock.now()));
  clock.advance(3 * 1440);
  expect(await deliver(sent('github', 'id-2', clock.now()))).toMatchObject({
    firing: first.firing,
    joined: true,
  });
  expect(api.posts).toHaveLength(1);
});
