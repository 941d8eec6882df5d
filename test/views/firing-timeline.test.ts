import { expect, test } from 'vitest';
import type { Firing } from '../../lambda/firing/firing.ts';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import { firingTimeline } from '../../lib/views/firing-timeline.ts';
import { NIGHTLY } from '../support/fixture.ts';

const START = Date.parse('2026-11-24T02:00:00Z');
const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString();

const due = newFiring(
  { trigger: 'nightly', cause: { kind: 'command', requestId: '1' }, at: new Date(START) },
  NIGHTLY,
  new Date(START),
);
const { nextCheckAt: _, ...closed } = due;
const sent = {
  ...closed,
  runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  sentAt: at(1),
  execution: { id: 'e', status: 'COMPLETED' },
};

const verdict = { verdict: 'failed', reasons: ['why'], status: 'completed' } as const;

test.each<readonly [string, Firing, readonly string[]]>([
  ['waits', due, ['0 recorded', '0.75 next check, at the earliest', '15 start deadline']],
  [
    'is in flight',
    {
      ...sent,
      execution: undefined,
      state: 'sending',
      nextCheckAt: at(4),
      leaseUntil: at(4),
      attempts: [{ sentAt: at(1) }],
    },
    ['0 recorded', '1 attempt 1 sent', '4 next check, at the earliest'],
  ],
  [
    'was killed in flight, and then found no server, and then was refused',
    {
      ...closed,
      state: 'rejected',
      reason: 'Gone',
      attempts: [
        { sentAt: at(1), settledAt: at(4) },
        { sentAt: at(5), settledAt: at(5), outcome: 'not-started', message: 'ECONNREFUSED' },
        { sentAt: at(6), settledAt: at(7), outcome: 'rejected', status: 404, message: 'Gone' },
      ],
    },
    [
      '0 recorded',
      '1 attempt 1 sent',
      '4 attempt 1 no answer: its function died',
      '5 attempt 2 sent',
      '5 attempt 2 not-started: ECONNREFUSED',
      '6 attempt 3 sent',
      '7 attempt 3 rejected (HTTP 404): Gone',
    ],
  ],
  [
    'was sent again by a person, and judged',
    {
      ...sent,
      state: 'completed',
      attempts: [
        { sentAt: at(1), settledAt: at(2), outcome: 'rejected', status: 401 },
        { sentAt: at(9), settledAt: at(9), outcome: 'started', status: 200 },
      ],
      retries: [{ at: at(8), by: 'ada', reason: 'key replaced', from: 'rejected', attempts: 1 }],
      result: { ...verdict, reasons: [...verdict.reasons], finishedAt: at(30) },
    },
    [
      '0 recorded',
      '1 attempt 1 sent',
      '2 attempt 1 rejected (HTTP 401)',
      '8 sent again by ada, after it was rejected: key replaced',
      '9 attempt 2 sent',
      '9 attempt 2 started (HTTP 200)',
      '30 judged: failed',
    ],
  ],
  [
    'was skipped',
    { ...closed, state: 'skipped', reason: 'paused', decidedAt: at(2) },
    ['0 recorded', '2 Not started: skipped'],
  ],
])('a firing that %s', (_, firing, expected) => {
  const moments = firingTimeline(firing);
  expect(moments.map(({ at, what }) => `${(at.getTime() - START) / 60_000} ${what}`)).toEqual(
    expected,
  );
});
