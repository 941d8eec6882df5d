import type { CancelResult } from '../../lambda/follow/cancel-run.ts';
import type { RetryResult } from '../../lambda/start/retry.ts';
import { InputError } from '../input-error.ts';
import { shortId } from './firing-reference.ts';

/** A sentence for people. In none of these cases was the execution cancelled by this command. */
export function cancelRefusal(
  id: string,
  result: Exclude<CancelResult, { kind: 'cancelled' }>,
): string {
  switch (result.kind) {
    case 'not-found':
      return `${id} is not in this ledger any more`;
    case 'not-running':
      return `${id} is ${result.firing.state}: it has no execution under way that could be cancelled`;
    case 'adopted':
      return `${id} was found in the list of executions, not in the answer to its own request: it may be another one's. Cancel ${result.firing.execution?.id} in Future AGI, if it is yours`;
    case 'not-cancelled':
      return `${id} was not cancelled: ${result.message}`;
    case 'changed-meanwhile':
      return `${id} was changed at the same moment, and nothing was cancelled: look at it again`;
  }
}

/** Why a firing is not sent again, for a person. Pure. */
export function retryRefusal(
  id: string,
  result: Exclude<RetryResult, { kind: 'retried' }>,
): InputError {
  return new InputError((typed) =>
    result.kind === 'wrong-state'
      ? `${id} is ${result.firing.state}: only a rejected, unresolved or missed firing can be sent again`
      : `${id} was changed at the same moment: look at it with ${typed(`show ${shortId(id)}`)}`,
  );
}
