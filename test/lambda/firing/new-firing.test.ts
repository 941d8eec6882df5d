import { expect, test } from 'vitest';
import type { Cause } from '../../../lambda/firing/firing.ts';
import { firingId, newFiring } from '../../../lambda/firing/new-firing.ts';
import { NIGHTLY } from '../../support/fixture.ts';

test.each<[Cause, string]>([
  [
    { kind: 'schedule', schedule: 'early', scheduledTime: '2026-11-24T02:00:00Z' },
    'nightly:schedule-early:2026-11-24T02:00:00Z',
  ],
  [
    { kind: 'schedule', schedule: 'late', scheduledTime: '2026-11-24T03:00:00.000+01:00' },
    'nightly:schedule-late:2026-11-24T02:00:00Z',
  ],
  [{ kind: 'delivery', deliveryId: 'msg_2KWPBgLl-x.y' }, 'nightly:delivery:msg_2KWPBgLl-x.y'],
  [{ kind: 'command', requestId: 'r1' }, 'nightly:command:r1'],
  [
    { kind: 'delivery', deliveryId: 'a b/../c' },
    'nightly:delivery:sha256-0e3f70c61c1ca6b5abd3ca86fafe5ce4d493d893b1206f287266171e59e16571',
  ],
])('the cause %j gives the id %s', (cause, id) => {
  expect(firingId('nightly', cause)).toBe(id);
});

test('an id that looks like a digest cannot stand for another delivery', () => {
  const digest = firingId('nightly', { kind: 'delivery', deliveryId: 'a b' }).split(':')[2] ?? '';
  expect(firingId('nightly', { kind: 'delivery', deliveryId: digest })).not.toContain(digest);
});

test('the start deadline counts from the end of the flexible window', () => {
  const at = new Date('2026-11-24T02:00:00Z');
  const cause = { kind: 'schedule', schedule: 'late', scheduledTime: at.toISOString() } as const;
  const schedule = {
    name: 'early',
    expression: 'rate(1 hour)',
    times: { kind: 'rate', minutes: 60 },
    timezone: 'UTC',
    flexibleWindowMinutes: 0,
    enabled: true,
  } as const;
  const trigger = {
    ...NIGHTLY,
    schedules: [schedule, { ...schedule, name: 'late', flexibleWindowMinutes: 30 }],
  };
  const firing = newFiring({ trigger: 'nightly', cause, at }, trigger, at);
  expect(firing.deadline).toBe('2026-11-24T02:45:00.000Z');
});
