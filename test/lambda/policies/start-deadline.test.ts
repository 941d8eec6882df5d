import { expect, test } from 'vitest';
import type { ReadSecret } from '../../../lambda/runtime/secrets.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { apiOn } from '../../support/fixture.ts';
import { json } from '../../support/remote-api.ts';
import {
  api,
  beginAnew,
  clock,
  core,
  events,
  fire,
  goOnWith,
  inMinutes,
  memory,
  name,
  policies,
  sweeps,
} from './policed-trigger.ts';

beginAnew();

test('an occurrence whose start deadline is over when it arrives starts nothing', async () => {
  const entry = policies({ startDeadlineMinutes: 15 });
  const scheduledTime = inMinutes(-15).toISOString();
  const event = { trigger: name, schedule: 'early', scheduledTime };
  const report = await trigger(event, { [name]: entry }, core, inMinutes(1));
  expect(report).toMatchObject({
    state: 'expired',
    message: expect.stringContaining('Not started by'),
  });
  expect(api.posts).toEqual([]);
  expect(events('start_expired')).toHaveLength(1);
});

test('nothing is sent when the start deadline passes while the API is asked', async () => {
  api.listStatus = () => {
    clock.advance(0.9);
    return undefined;
  };
  const report = await fire('r1', policies({ startDeadlineMinutes: 0.5 }));
  expect(report.state).toBe('expired');
  expect(api.posts).toEqual([]);
});

test('a firing that expires says what has put it off last', async () => {
  api.treatment = ({ response }) => json(response, 429, { message: 'Slow down' });
  const { firing } = await fire('r1', policies({ startDeadlineMinutes: 5 }));
  const down: ReadSecret = async () => {
    throw new Error('Secrets Manager is down');
  };
  goOnWith({ ...core, api: apiOn(api.url, down, clock.now) });
  await sweeps(6);
  expect(await memory.ledger.read(firing)).toMatchObject({
    state: 'expired',
    reason: 'Not started by 2026-11-24T02:05:00.000Z: Secrets Manager is down',
  });
});
