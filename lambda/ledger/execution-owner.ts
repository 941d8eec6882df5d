import * as z from 'zod/mini';
import type { Firing } from '../firing/firing.ts';
import type { LedgerContext, RetentionContext } from './ledger.ts';

const ownerSchema = z.strictObject({
  id: z.string(),
  revision: z.string(),
  firing: z.string(),
  /** The answer to the firing's own POST named the execution; else it was found in the list. */
  answered: z.optional(z.literal(true)),
  /** The firing that had adopted the execution before. */
  displaced: z.optional(z.string()),
  /** Epoch seconds (DynamoDB TTL). */
  expiresAt: z.number(),
});

/** Whose an execution is: an item of its own, so that a conditional write gives it to one firing. */
export type ExecutionOwner = z.infer<typeof ownerSchema>;

/** The owner of an execution: a strongly consistent read. */
export function readOwner(
  executionId: string,
  { ledger }: Pick<LedgerContext, 'ledger'>,
): Promise<ExecutionOwner | undefined> {
  return ledger.readItem(ownerId(executionId), ownerSchema);
}

/** The owners of these executions, by execution, as far as they have one: strongly consistent reads. */
export async function readOwners(
  executionIds: readonly string[],
  { ledger }: Pick<LedgerContext, 'ledger'>,
): Promise<ReadonlyMap<string, ExecutionOwner>> {
  const owners = await ledger.readItems(executionIds.map(ownerId), ownerSchema);
  return new Map(owners.map((owner) => [owner.id.slice(ownerId('').length), owner]));
}

/** Gives an execution that nobody owns to this firing. Whether it is this firing's now, or was already. */
export async function adoptExecution(
  executionId: string,
  firing: Firing,
  context: RetentionContext,
): Promise<boolean> {
  if (await context.ledger.writeItem(undefined, ownership(executionId, firing, context)))
    return true;
  const owner = await readOwner(executionId, context);
  return owner?.firing === firing.id;
}

/**
 * Gives an execution to the firing whose own POST it answered, also when another firing has adopted it: returns that
 * one's id, until it was told. Idempotent.
 */
export async function ownExecution(
  executionId: string,
  firing: Firing,
  context: RetentionContext,
): Promise<string | undefined> {
  const own = { ...ownership(executionId, firing, context), answered: true as const };
  if (await context.ledger.writeItem(undefined, own)) return undefined;
  for (;;) {
    const standing = await readOwner(executionId, context);
    // A second answer that names the same execution takes nothing from the first.
    if (standing?.answered) return standing.firing === firing.id ? standing.displaced : undefined;
    const displaced = standing && standing.firing !== firing.id ? standing.firing : undefined;
    const item = { ...own, ...(displaced !== undefined && { displaced }) };
    if (await context.ledger.writeItem(standing, item)) return displaced;
  }
}

function ownerId(executionId: string): string {
  return `/execution/${executionId}`;
}

/** Longer than any firing stays that could take the execution for its own. */
function ownership(executionId: string, firing: Firing, { now, retentionDays }: RetentionContext) {
  const expiresAt = Math.ceil(now().getTime() / 1000) + 2 * retentionDays * 86_400;
  return { id: ownerId(executionId), firing: firing.id, expiresAt };
}
