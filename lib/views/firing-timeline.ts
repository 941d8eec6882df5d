import type { Attempt, Firing } from '../../lambda/firing/firing.ts';
import { isFinal, STATES } from '../../lambda/firing/states.ts';

interface Moment {
  readonly at: Date;
  readonly what: string;
}

/** Every attempt and decision that the ledger has of a firing, oldest first. Pure. */
export function firingTimeline(firing: Firing): Moment[] {
  const { recordedAt, attempts, retries = [], judgements = [], cancels = [], result } = firing;
  const { state, nextCheckAt, polledAt = '', deadline, decidedAt } = firing;
  const moments = [
    moment(recordedAt, 'recorded'),
    ...attempts.flatMap(attemptMoments),
    ...retries.map(({ at, by, reason, from }) =>
      moment(
        at,
        `${from === 'unresolved' ? 'retried' : 'sent again'} by ${by}, after it was ${from}: ${reason}`,
      ),
    ),
    ...cancels.map(({ at, by, reason }) => moment(at, `${by} asked to cancel it: ${reason}`)),
    ...judgements.map(({ at, by, before = 'without a verdict' }) =>
      moment(at, `judged again by ${by}; before: ${before}`),
    ),
    ...(result ? [moment(result.finishedAt, `judged: ${result.verdict}`)] : []),
    ...(decidedAt === undefined ? [] : [moment(decidedAt, STATES[state].headline)]),
    // The sweep remembers by itself when it polls a run again whose progress it has written.
    ...(nextCheckAt === undefined || isFinal(firing) || nextCheckAt < polledAt
      ? []
      : [moment(nextCheckAt, 'next check, at the earliest')]),
    ...(state === 'due' ? [moment(deadline, 'start deadline')] : []),
  ];
  // Moments at the same time keep the order above, in which they happened.
  return moments.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

function attemptMoments(attempt: Attempt, index: number): Moment[] {
  const { sentAt, settledAt, outcome = 'no answer: its function died', status, message } = attempt;
  const sent = moment(sentAt, `attempt ${index + 1} sent`);
  if (settledAt === undefined) return [sent];
  const answer = status === undefined ? '' : ` (HTTP ${status})`;
  const words = message === undefined ? '' : `: ${message}`;
  return [sent, moment(settledAt, `attempt ${index + 1} ${outcome}${answer}${words}`)];
}

function moment(at: string, what: string): Moment {
  return { at: new Date(at), what };
}
