import { expect, test } from 'vitest';
import type { Firing } from '../../../lambda/firing/firing.ts';
import { reportOf } from '../../../lambda/firing/firing-report.ts';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import { NIGHTLY } from '../../support/fixture.ts';

const AT = '2026-11-24T02:00:00.000Z';
const fresh = newFiring(
  { trigger: 'nightly', source: { kind: 'manual', requestId: '1' }, at: new Date(AT) },
  NIGHTLY,
  new Date(AT),
);
const attempt = (answer: Partial<Firing['attempts'][number]>) => ({
  attempts: [{ sentAt: AT, ...answer }],
});
const execution = { id: 'e', status: 'PENDING' };

test.each<readonly [string, Partial<Firing>, string | undefined]>([
  ['nothing was sent', {}, undefined],
  ['nobody answered', attempt({ message: 'socket hang up' }), 'socket hang up'],
  [
    'a proxy answered',
    attempt({ status: 502, message: 'no readable message' }),
    'no readable message (HTTP 502)',
  ],
  ['the answer has no words', attempt({ status: 500 }), undefined],
  [
    'there is a reason',
    { ...attempt({ status: 404, message: 'Gone' }), reason: 'Check it' },
    'Check it',
  ],
  [
    'it started',
    { ...attempt({ status: 200, message: 'Fine' }), state: 'started', execution },
    undefined,
  ],
  ['it is lost', { reason: 'took too long', state: 'lost', execution }, 'took too long'],
])('where %s, callers are told why and no more', (_, changes, message) => {
  expect(reportOf({ ...fresh, ...changes }, true).message).toBe(message);
});
