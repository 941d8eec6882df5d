import { expect, test } from 'vitest';
import type { Firing } from '../../lambda/firing/firing.ts';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import { nextStep } from '../../lib/views/next-step.ts';
import { NIGHTLY } from '../support/fixture.ts';

const now = new Date('2026-11-24T02:00:00Z');
const occurrence = {
  trigger: 'nightly',
  cause: { kind: 'command', requestId: '1' },
  at: now,
} as const;
const due = newFiring(occurrence, NIGHTLY, now);
const { nextCheckAt: _, ...over } = due;
const sent = {
  ...over,
  runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  sentAt: now.toISOString(),
  attempts: [{ sentAt: now.toISOString() }] as [{ sentAt: string }],
};
const ran = { ...sent, execution: { id: 'e', status: 'COMPLETED' } };
const result = { reasons: [], status: 'completed', finishedAt: now.toISOString() };

test.each<readonly [string, Firing, string | undefined, readonly string[]]>([
  ['waits', due, 'It is tried again until its start deadline.', []],
  [
    'was refused',
    { ...over, state: 'rejected', reason: 'no' },
    'Remove the cause, then send it again as it was, or look at what the trigger would start now:',
    ['retry 177775 --reason "the cause is removed"', 'fire nightly --dry-run'],
  ],
  [
    'is in doubt',
    { ...sent, state: 'unresolved', reason: 'no' },
    'Look at the executions of the run test in Future AGI. Only if it did not start, send it again:',
    ['retry 177775 --reason "it did not start"'],
  ],
  [
    'is in doubt after a retry',
    {
      ...sent,
      state: 'unresolved',
      reason: 'no',
      retries: [
        { at: now.toISOString(), by: 'ada', reason: 'no', from: 'unresolved', attempts: 1 },
      ],
    },
    'The list was read again and cannot tell. Send it anyway only if it did not start; if it did, it runs twice:',
    ['retry 177775 --reason "it did not start" --send-anyway'],
  ],
  [
    'was late',
    { ...over, state: 'expired', reason: 'no' },
    'If the run is still wanted:',
    ['fire nightly --dry-run', 'fire nightly'],
  ],
  [
    'was skipped by a pause',
    { ...over, state: 'skipped', reason: 'no', skippedBy: 'pause' },
    'End the pause, or start this run in spite of it:',
    ['resume nightly --reason "it works again"', 'fire nightly --even-if-paused'],
  ],
  [
    'was skipped by a pause of all',
    { ...over, state: 'skipped', reason: 'no', skippedBy: 'pause-of-all' },
    'End the pause, or start this run in spite of it:',
    ['resume --all --reason "it works again"', 'fire nightly --even-if-paused'],
  ],
  [
    'was skipped by the budget',
    { ...over, state: 'skipped', reason: 'no', skippedBy: 'budget' },
    'Wait for the next day or month, or raise budget in triggers.yaml. What is left:',
    ['fire nightly --dry-run'],
  ],
  [
    'failed',
    { ...ran, state: 'completed', result: { ...result, verdict: 'failed' } },
    'Open https://page and look at its calls.',
    [],
  ],
  [
    'passed',
    { ...ran, state: 'completed', result: { ...result, verdict: 'passed' } },
    undefined,
    [],
  ],
])('a firing that %s', (_, firing, what, commands) => {
  expect(nextStep(firing, 'https://page')).toEqual(
    what === undefined ? undefined : { what, commands },
  );
});
