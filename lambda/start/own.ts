import { attemptsInDoubt } from '../firing/doubt.ts';
import type { Attempts, Firing } from '../firing/firing.ts';
import { logUnresolved, unresolved } from '../firing/unresolved.ts';
import { ownExecution } from '../ledger/execution-owner.ts';
import type { LedgerContext, RetentionContext } from '../ledger/ledger.ts';
import { latest } from '../ledger/write-or-latest.ts';

/** Gives an execution to the firing whose own POST names it, and takes it away from one that has adopted it. Idempotent. */
export async function own(
  executionId: string,
  owner: Firing,
  context: RetentionContext,
): Promise<void> {
  const adopter = await ownExecution(executionId, owner, context);
  if (adopter !== undefined) await disown(adopter, executionId, owner, context);
}

/** The adopter is in doubt again, and people are told. One that is about to adopt finds itself changed. Idempotent. */
async function disown(
  adopter: string,
  executionId: string,
  owner: Firing,
  { ledger, now }: LedgerContext,
): Promise<void> {
  let current = await ledger.read(adopter);
  while (current) {
    const next = without(current, executionId, owner, now());
    if (!next) return;
    const written = await ledger.write(current, next);
    if (written) {
      if (written.state === 'unresolved' && current.execution) logUnresolved(written);
      return;
    }
    current = await latest(ledger, current);
  }
}

function without(firing: Firing, executionId: string, owner: Firing, now: Date) {
  const { execution } = firing;
  if (!execution) return attemptsInDoubt(firing).length > 0 ? firing : undefined;
  if (execution.id !== executionId || !execution.adopted) return undefined;
  const reason = `Execution ${executionId} was taken for its own, but belongs to ${owner.id}`;
  const attempts = inDoubtAgain(firing.attempts, executionId);
  return unresolved({ ...firing, attempts }, reason, now);
}

/** The attempts without the execution that was not theirs. */
function inDoubtAgain([first, ...others]: Attempts, executionId: string): Attempts {
  const freed = (attempt: Attempts[number]) => {
    const { executionId: own, ...rest } = attempt;
    return own === executionId ? rest : attempt;
  };
  return [freed(first), ...others.map(freed)];
}
