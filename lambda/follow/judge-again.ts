import { type Api, accessApi } from '../api/api.ts';
import { executionProgress, isFinalStatus } from '../api/execution-progress.ts';
import type { Firing, Result } from '../firing/firing.ts';
import { awaitsCancel, isFollowed } from '../firing/states.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { latest } from '../ledger/write-or-latest.ts';
import { log } from '../runtime/log.ts';
import { readEvaluations } from './evaluations.ts';
import { finished, withProgress } from './follow.ts';
import { judgedResult } from './result.ts';

type JudgeContext = LedgerContext & { readonly api: Api };

/** Only `judged` has changed the firing. */
export type JudgeAgainResult =
  | {
      readonly kind: 'judged';
      readonly firing: Firing;
      /** Absent: it had no verdict. */
      readonly before?: Result['verdict'];
    }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-executed' | 'not-over' | 'changed-meanwhile'; readonly firing: Firing }
  | { readonly kind: 'unreadable'; readonly firing: Firing; readonly message: string };

/**
 * Judges the execution of a firing by what the server tells of it now: calls may have been run again there, or a
 * lost execution has ended. An event is published only where the verdict is another one.
 */
export async function judgeAgain(
  id: string,
  by: string,
  context: JudgeContext,
  until: Date,
): Promise<JudgeAgainResult> {
  const { ledger, api, now } = context;
  const firing = await ledger.read(id);
  if (!firing) return { kind: 'not-found' };
  if (!firing.execution) return { kind: 'not-executed', firing };
  if (isFollowed(firing) || awaitsCancel(firing)) return { kind: 'not-over', firing };

  const access = await accessApi(api, until);
  if (access instanceof Error) return { kind: 'unreadable', firing, message: access.message };
  const progress = await executionProgress(firing.runTestId, firing.execution.id, access);
  if ('kind' in progress) return { kind: 'unreadable', firing, message: progress.message };
  if (!isFinalStatus(progress.status)) return { kind: 'not-over', firing };
  const evaluations = await readEvaluations(firing.runTestId, firing.execution.id, access);
  const end = { ...progress, ...(Array.isArray(evaluations) && { evaluations }) };
  const result = await judgedResult(firing, end, access, context);

  const before = firing.result?.verdict;
  const told = { at: now().toISOString(), by, ...(before && { before }) };
  const judged = {
    ...finished(firing, result, before === result.verdict ? [] : [result.verdict], now()),
    execution: withProgress(firing.execution, progress, now()),
    judgements: [...(firing.judgements ?? []), told],
  };
  const written = await ledger.write(firing, judged);
  if (!written) return { kind: 'changed-meanwhile', firing: await latest(ledger, firing) };
  const { trigger, execution } = written;
  const { verdict, reasons } = result;
  const fields = { firing: id, trigger, execution_id: execution.id, by, before };
  log('execution_rejudged', { ...fields, result: verdict, reasons });
  return { kind: 'judged', firing: written, ...(before && { before }) };
}
