import { type Api, accessApi } from '../api/api.ts';
import { cancelExecution, checkBeforeCancel } from '../api/cancel-execution.ts';
import type { ExecutedFiring, Firing } from '../firing/firing.ts';
import { awaitsCancel, isFollowed } from '../firing/states.ts';
import { firstCheck } from '../firing/transition.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { log } from '../runtime/log.ts';

type CancelContext = LedgerContext & { readonly api: Api };

/** What became of the wish to cancel a firing's execution. Only with `cancelled` has the server taken the request. */
export type CancelResult =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'cancelled'; readonly firing: Firing }
  | { readonly kind: 'not-running' | 'adopted' | 'changed-meanwhile'; readonly firing: Firing }
  | { readonly kind: 'not-cancelled'; readonly firing: Firing; readonly message: string };

/**
 * Cancels the execution of a firing, if it is under way and its id came in the answer to our own request. Who and why are
 * in the ledger before the request leaves; the sweep judges how it ended.
 */
export async function cancelRun(
  { firing: id, by, reason }: Readonly<Record<'firing' | 'by' | 'reason', string>>,
  { ledger, api, now }: CancelContext,
  until: Date,
): Promise<CancelResult> {
  const firing = await ledger.read(id);
  if (!firing) return { kind: 'not-found' };
  if (!isCancellable(firing)) return { kind: 'not-running', firing };
  if (firing.execution.adopted) return { kind: 'adopted', firing };
  const access = await accessApi(api, until);
  if (access instanceof Error) return { kind: 'not-cancelled', firing, message: access.message };
  const { runTestId, execution, trigger } = firing;
  const before = await checkBeforeCancel(runTestId, execution.id, access);
  if (before) return { kind: 'not-cancelled', firing, message: before.message };
  const cancels = [...(firing.cancels ?? []), { at: now().toISOString(), by, reason }];
  // Its end is seen soon, whenever it is polled otherwise.
  const next = { ...firing, ...(isFollowed(firing) && firstCheck(now())), cancels };
  const written = await ledger.write(firing, next);
  if (!written) return { kind: 'changed-meanwhile', firing };
  const { kind, message } = await cancelExecution(execution.id, access);
  const outcome = kind === 'cancelled' ? kind : message;
  log('cancel_requested', {
    firing: id,
    trigger,
    execution_id: execution.id,
    by,
    outcome,
    message: reason,
  });
  return kind === 'cancelled'
    ? { kind, firing: written }
    : { kind: 'not-cancelled', firing: written, message };
}

/** Whether a firing has an execution that may still be under way, and that nothing else is about to cancel. */
export function isCancellable(firing: Firing): firing is ExecutedFiring {
  const mayRun = firing.state === 'lost' || (firing.state === 'started' && !firing.result);
  return mayRun && !awaitsCancel(firing);
}
