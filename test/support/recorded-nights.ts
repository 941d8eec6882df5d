import type { Firing } from '../../lambda/firing/firing.ts';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';

const DAY_MS = 86_400_000;

interface Nights {
  readonly name: string;
  readonly trigger: Trigger;
  /**
   * A letter each, the last one at `last`: P passed, F failed, M missed, S skipped, X rejected, ? in doubt, - nothing
   * is recorded.
   */
  readonly nights: string;
  readonly last: Date;
  /** Of the evaluation `Tone check`, one a night; absent: none. */
  readonly tone?: readonly number[];
  /** Why it failed, was skipped and so on. */
  readonly reason?: string;
}

/** Records what a schedule called `early` came to, night after night, as the functions would have left it. */
export async function recordNights(
  ledger: Pick<Ledger, 'record'>,
  { name, trigger, nights, last, tone, reason = 'why' }: Nights,
): Promise<void> {
  for (const [index, night] of [...nights].entries()) {
    if (night === '-') continue;
    const at = new Date(last.getTime() - (nights.length - 1 - index) * DAY_MS);
    const scheduledTime = at.toISOString();
    const cause = { kind: 'schedule', schedule: 'early', scheduledTime } as const;
    const due = newFiring({ trigger: name, cause, at }, trigger, at);
    await ledger.record(endOf(due, night, { score: tone?.[index], reason }));
  }
}

function endOf(
  { nextCheckAt: _, ...due }: Extract<Firing, { state: 'due' }>,
  night: string,
  { score, reason }: { readonly score: number | undefined; readonly reason: string },
): Firing {
  const runTestId = due.runTestId ?? '3c90c3cc-0d44-4b50-8888-8dd25736052a';
  const sentAt = due.recordedAt;
  const sent = { sentAt, settledAt: sentAt, outcome: 'started', status: 200 } as const;
  switch (night) {
    case 'M':
      return { ...due, state: 'missed', reason };
    case 'S':
      return { ...due, state: 'skipped', skippedBy: 'overlap', reason };
    case 'X':
      return { ...due, state: 'rejected', reason };
    case '?':
      return {
        ...due,
        runTestId,
        state: 'unresolved',
        sentAt,
        attempts: [{ ...sent, outcome: 'unknown', status: 504 }],
        reason,
      };
    default: {
      const completedCalls = night === 'P' ? 10 : 4;
      const counts = { totalCalls: 10, completedCalls, failedCalls: 10 - completedCalls };
      return {
        ...due,
        runTestId,
        state: 'completed',
        sentAt,
        attempts: [sent],
        execution: { id: executionIdAt(sentAt), status: 'completed', totalScenarios: 4, ...counts },
        result: {
          verdict: night === 'P' ? 'passed' : 'failed',
          reasons: night === 'P' ? [] : [reason],
          status: 'completed',
          finishedAt: new Date(Date.parse(sentAt) + 900_000).toISOString(),
          durationSeconds: 900,
          successRate: 10 * completedCalls,
          ...counts,
          ...(score !== undefined && { evaluations: [{ name: 'Tone check', score, scored: 10 }] }),
        },
      };
    }
  }
}

function executionIdAt(time: string): string {
  return `00000000-0000-4000-8000-${String(Date.parse(time)).padStart(12, '0').slice(-12)}`;
}
