import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Firing } from '../firing/firing.ts';
import { MOST_COMPARED_RUNS } from '../firing/policy.ts';
import type { Ledger, LedgerContext } from '../ledger/ledger.ts';
import { log } from '../runtime/log.ts';
import { type Run, runSchema } from './run.ts';

const referenceSchema = z.object({
  id: z.string(),
  revision: z.string(),
  /** Oldest first, each firing once. */
  runs: z.array(runSchema),
});

type Reference = z.infer<typeof referenceSchema>;

const resetSchema = z.object({
  id: z.string(),
  revision: z.string(),
  /** Runs that finished earlier are compared with no more. */
  since: z.string(),
  by: z.string(),
  reason: z.string(),
});

/** An item of the ledger has 400 KB at most (DynamoDB, "Quotas"); as JSON the runs are larger than there. */
const MOST_BYTES = 250_000;
/** So that ten runs always fit. Beyond it, a run is kept without its scenarios. */
const MOST_RUN_BYTES = 20_000;

type Memo = Pick<Ledger, 'readItem' | 'writeItem'>;

/** The runs of this trigger that finished with the same selection since the last reset, oldest first, without this one. */
export async function readReference(
  firing: Firing,
  ledger: Pick<Ledger, 'readItem'>,
): Promise<Run[]> {
  return (await readToAdd(firing, ledger)).earlier;
}

/** The same, and the item as it stands, for `addToReference`. */
export async function readToAdd(firing: Firing, ledger: Pick<Ledger, 'readItem'>) {
  const [reference, reset] = await Promise.all([
    ledger.readItem(referenceId(firing), referenceSchema),
    ledger.readItem(resetId(firing.trigger), resetSchema),
  ]);
  const since = reset?.since ?? '';
  const earlier = (reference?.runs ?? []).filter(
    (run) => run.firing !== firing.id && run.finishedAt > since,
  );
  return { reference, earlier };
}

/**
 * Remembers a run of the firing's selection, in the place of an earlier judgement of the same firing. Idempotent.
 * @param read the item as it was read: up to 250 KB.
 */
export async function addToReference(
  firing: Firing,
  run: Run,
  ledger: Memo,
  read?: Reference,
): Promise<void> {
  const id = referenceId(firing);
  for (let standing = read; ; standing = await ledger.readItem(id, referenceSchema)) {
    const others = (standing?.runs ?? []).filter((one) => one.firing !== run.firing);
    const runs = fitting(
      [...others, bounded(run)].toSorted((a, b) => (a.finishedAt < b.finishedAt ? -1 : 1)),
    );
    if (await ledger.writeItem(standing, { id, runs })) return;
  }
}

/** Forgets, for comparing, what the trigger's runs showed until now, whatever they selected. */
export async function resetReference(
  { trigger, by, reason }: Readonly<Record<'trigger' | 'by' | 'reason', string>>,
  { ledger, now }: LedgerContext,
): Promise<{ readonly since: string }> {
  const id = resetId(trigger);
  for (;;) {
    const standing = await ledger.readItem(id, resetSchema);
    const since = now().toISOString();
    if (!(await ledger.writeItem(standing, { id, since, by, reason }))) continue;
    log('reference_reset', { trigger, by, message: reason });
    return { since };
  }
}

function bounded(run: Run): Run {
  if (JSON.stringify(run).length <= MOST_RUN_BYTES) return run;
  const { scenarios: _, ...small } = run;
  return JSON.stringify(small).length <= MOST_RUN_BYTES ? small : { ...small, evaluations: [] };
}

function fitting(runs: readonly Run[]): Run[] {
  let bytes = 0;
  return runs
    .slice(-MOST_COMPARED_RUNS)
    .toReversed()
    .filter((run) => {
      bytes += JSON.stringify(run).length;
      return bytes <= MOST_BYTES;
    })
    .toReversed();
}

/** Other scenarios give other rates, so they are never compared. */
function referenceId({ trigger, runTestId, execute }: Firing): string {
  const { selectAll, scenarioIds, scenarios = [], simulatorId } = execute;
  const asked = [runTestId, selectAll, scenarioIds.toSorted(), scenarios.toSorted(), simulatorId];
  const selection = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  return `/${trigger}/runs/${selection}`;
}

function resetId(trigger: string): string {
  return `/${trigger}/runs-reset`;
}
