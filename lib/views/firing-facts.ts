import type { Change } from '../../lambda/firing/change.ts';
import type { Cause, Firing, Result } from '../../lambda/firing/firing.ts';
import { fromCents } from '../../lambda/notify/facts.ts';
import { count } from '../count.ts';
import { took } from '../took.ts';
import { shortId } from './firing-reference.ts';

/** What the ledger knows of a firing: labels and values; undefined where it knows none. Pure. */
export function firingFacts(
  firing: Firing,
): (readonly [label: string, value: string | number | undefined])[] {
  const { id, state, trigger, cause, change, execution, mismatch, result, reason } = firing;
  return [
    ['firing', id],
    ['short id', shortId(id)],
    ['state', state],
    ['trigger', trigger],
    ['cause', causeText(cause)],
    ['change', change && changeText(change)],
    ['run test', firing.runTestId ?? firing.runTest],
    ['selection', selectionOf(firing)],
    ['execution', execution?.id],
    ['status', execution?.status.toLowerCase()],
    ['scenarios', execution?.totalScenarios],
    ['calls', callsOf(firing)],
    ['success rate', result?.successRate === undefined ? undefined : `${result.successRate} %`],
    ['took', result?.durationSeconds === undefined ? undefined : took(result.durationSeconds)],
    ['evaluations', result?.evaluations?.map((one) => evaluationText(one, result)).join(', ')],
    [
      'scenarios passed',
      result?.scenarios?.map(({ name, passed, of }) => `${name} ${passed}/${of}`).join(', '),
    ],
    ['cost', result?.costCents === undefined ? undefined : fromCents(result.costCents)],
    ['not asked for', mismatch && listOf(mismatch.surplus)],
    ['missing', mismatch && listOf(mismatch.missing)],
    ['reason', result?.reasons.join(' ') || reason],
    ['note', result?.notes?.join(' ')],
  ];
}

/** In one line; times are as the ledger has them, in UTC. */
export function causeText(cause: Cause): string {
  switch (cause.kind) {
    case 'schedule':
      return `schedule ${cause.schedule} at ${cause.scheduledTime}`;
    case 'delivery':
      return `delivery ${cause.deliveryId}`;
    case 'event':
      return `event ${cause.eventId}`;
    case 'again':
      return `try ${cause.attempt} of the scenarios that failed in ${cause.firing}`;
    case 'command':
      return `by hand, ${cause.requestId}`;
  }
}

function changeText({ repository, commit, pullRequest }: Change): string {
  const request = pullRequest === undefined ? '' : `, pull request ${pullRequest}`;
  return `${repository}, commit ${commit}${request}`;
}

function selectionOf({ execute, selection = execute }: Firing): string {
  const names = execute.scenarios?.map((name) => `"${name}"`) ?? [];
  const listed = names.length > 0 ? names : selection.scenarioIds;
  if (!selection.selectAll) return `only ${listed.join(', ')}`;
  return listed.length === 0 ? 'every scenario' : `every scenario except ${listed.join(', ')}`;
}

function callsOf({ execution, result }: Firing): string | undefined {
  const { totalCalls, completedCalls, failedCalls } = result ?? execution ?? {};
  if (totalCalls === undefined) return undefined;
  if (completedCalls === undefined) return String(totalCalls);
  const failed = failedCalls ? `, ${failedCalls} failed` : '';
  return `${completedCalls} of ${totalCalls} completed${failed}`;
}

/** `Tone check 88`, or `Tone check 88 (7 of 9 calls scored)` where the calls that completed were not all scored. */
function evaluationText(
  { name, score, scored }: NonNullable<Result['evaluations']>[number],
  { completedCalls }: Result,
): string {
  if (score === undefined) return `${name} no score`;
  const isPart = scored !== undefined && completedCalls !== undefined && scored < completedCalls;
  return `${name} ${score}${isPart ? ` (${scored} of ${count(completedCalls, 'call')} scored)` : ''}`;
}

function listOf(ids: readonly string[]): string | undefined {
  return ids.length > 0 ? ids.join(', ') : undefined;
}
