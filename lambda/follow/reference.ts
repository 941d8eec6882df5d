import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { evaluationsSchema, type Firing } from '../firing/firing.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Reference } from './judge.ts';

const referenceSchema = z.object({
  id: z.string(),
  revision: z.string(),
  firing: z.string(),
  recordedAt: z.string(),
  successRate: z.optional(z.number()),
  evaluations: z.optional(evaluationsSchema),
});

/** The last firing of this trigger that ran the same selection and passed. */
export async function readReference(
  firing: Firing,
  ledger: Pick<Ledger, 'readItem'>,
): Promise<Reference | undefined> {
  return ledger.readItem(referenceId(firing), referenceSchema);
}

/** Makes a passed firing the reference, unless a newer one is. Idempotent. */
export async function setReference(
  firing: Firing,
  ledger: Pick<Ledger, 'readItem' | 'writeItem'>,
): Promise<void> {
  const { id, recordedAt, result } = firing;
  const reference = {
    id: referenceId(firing),
    firing: id,
    recordedAt,
    successRate: result?.successRate,
    evaluations: result?.evaluations,
  };
  for (;;) {
    const standing = await ledger.readItem(reference.id, referenceSchema);
    if (standing && standing.recordedAt >= recordedAt) return;
    if (await ledger.writeItem(standing, reference)) return;
  }
}

/** Other scenarios give other rates, so they are never compared. */
function referenceId({ trigger, runTestId, execute }: Firing): string {
  const { selectAll, scenarioIds, scenarios = [], simulatorId } = execute;
  const asked = [runTestId, selectAll, scenarioIds.toSorted(), scenarios.toSorted(), simulatorId];
  const selection = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  return `/${trigger}/reference/${selection}`;
}
