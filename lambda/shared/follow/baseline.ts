import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Core } from '../core.ts';
import { evaluationsSchema, type Firing } from '../firing.ts';
import type { Baseline } from './judge.ts';

const baselineSchema = z.object({
  id: z.string(),
  revision: z.string(),
  firing: z.string(),
  recordedAt: z.string(),
  successRate: z.optional(z.number()),
  evaluations: z.optional(evaluationsSchema),
});

/** The last firing of this trigger that ran the same selection and passed. */
export async function readBaseline(
  firing: Firing,
  { ledger }: Core,
): Promise<Baseline | undefined> {
  return ledger.readNote(baselineId(firing), baselineSchema);
}

/** Makes a passed firing the baseline, unless a newer one is. Idempotent. */
export async function setBaseline(firing: Firing, { ledger }: Core): Promise<void> {
  const { id, recordedAt, result } = firing;
  const note = {
    id: baselineId(firing),
    firing: id,
    recordedAt,
    successRate: result?.successRate,
    evaluations: result?.evaluations,
  };
  for (;;) {
    const standing = await ledger.readNote(note.id, baselineSchema);
    if (standing && standing.recordedAt >= recordedAt) return;
    if (await ledger.writeNote(standing, note)) return;
  }
}

/** Other scenarios give other rates, so they are never compared. */
function baselineId({ trigger, runTestId, execute }: Firing): string {
  const { selectAll, scenarioIds, scenarios = [], simulatorId } = execute;
  const asked = [runTestId, selectAll, scenarioIds.toSorted(), scenarios.toSorted(), simulatorId];
  const selection = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  return `/${trigger}/baseline/${selection}`;
}
