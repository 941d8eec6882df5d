import { expect, test } from 'vitest';
import { type Attempt, type Firing, withAttempt } from '../../../lambda/firing/firing.ts';
import { reportOf } from '../../../lambda/firing/firing-report.ts';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import { NIGHTLY } from '../../support/fixture.ts';

const AT = '2026-11-24T02:00:00.000Z';
const fresh = newFiring(
  { trigger: 'nightly', cause: { kind: 'command', requestId: '1' }, at: new Date(AT) },
  NIGHTLY,
  new Date(AT),
);
const unknown = (answer: Partial<Attempt>): Firing => ({
  ...fresh,
  state: 'unknown',
  ...sentWith(answer),
});
const sentWith = (answer: Partial<Attempt>) => ({
  runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  sentAt: AT,
  attempts: withAttempt([], { sentAt: AT, ...answer }),
});
const execution = { id: 'e', status: 'PENDING' };

test.each<readonly [string, Firing, string | undefined]>([
  ['nothing was sent', fresh, undefined],
  ['nobody answered', unknown({ message: 'socket hang up' }), 'socket hang up'],
  [
    'a proxy answered',
    unknown({ status: 502, message: 'no readable message' }),
    'no readable message (HTTP 502)',
  ],
  ['the answer has no words', unknown({ status: 500 }), undefined],
  [
    'there is a reason',
    {
      ...fresh,
      ...sentWith({ status: 404, message: 'Gone' }),
      state: 'rejected',
      reason: 'Check it',
    },
    'Check it',
  ],
  [
    'it started',
    { ...fresh, ...sentWith({ status: 200, message: 'Fine' }), state: 'started', execution },
    undefined,
  ],
  [
    'it is lost',
    { ...fresh, ...sentWith({}), reason: 'took too long', state: 'lost', execution },
    'took too long',
  ],
])('where %s, callers are told why and no more', (_, firing, message) => {
  expect(reportOf(firing, true).message).toBe(message);
});
