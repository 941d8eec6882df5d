import type { Firing } from '../../lambda/firing/firing.ts';
import { isFinal, isFollowed } from '../../lambda/firing/states.ts';
import { isCancellable } from '../../lambda/follow/cancel-run.ts';
import { readReference } from '../../lambda/follow/reference.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import { isRetryable } from '../../lambda/start/retry.ts';
import { sendCommand } from '../target/invoke.ts';
import { comparisonOf } from '../views/comparison.ts';
import { executionLink } from '../views/execution-link.ts';
import { firingFacts } from '../views/firing-facts.ts';
import { findFiring, shortId } from '../views/firing-reference.ts';
import { firingTimeline } from '../views/firing-timeline.ts';
import { nextStep } from '../views/next-step.ts';
import { firingRow } from './firing-row.ts';
import type { Source } from './source.ts';

/**
 * Everything about the firing that the reference means, as `rtt show` finds it. An execution that is under way is read
 * now, as `fire --wait` has it read. Throws InputError where there is no such firing.
 */
export async function readFiringView(
  reference: string,
  source: Source,
  ledger: Pick<Ledger, 'read' | 'readItem' | 'newestIds' | 'ofTrigger'>,
) {
  const { config, readOnly } = await source.describe();
  const found = await findFiring(reference, ledger);
  const firing = readOnly === undefined ? await polled(found, source) : found;
  const link = executionLink(config, firing);
  const next = nextStep(firing, link);
  const comparison = firing.result && comparisonOf(firing, await readReference(firing, ledger));
  return {
    row: firingRow(firing),
    facts: firingFacts(firing).flatMap(([label, value]) =>
      value === undefined || value === '' ? [] : [[label, String(value)] as const],
    ),
    timeline: firingTimeline(firing).map(({ at, what }) => ({ at: at.toISOString(), what })),
    ...(next && { next: { what: next.what, commands: next.commands.map(source.typed) } }),
    ...(comparison && { comparison }),
    ...(link !== undefined && { link }),
    isFinal: isFinal(firing),
    /** What a person can do here, beside opening it; none where nothing can be done. */
    actions: readOnly === undefined ? actionsOn(firing) : [],
    /** Whole command lines that show or do the same. */
    commands: commandsFor(firing).map(source.typed),
  };
}

/** The page gets it as JSON from `/_console/firing`; times are ISO 8601 in UTC. */
export type FiringView = Awaited<ReturnType<typeof readFiringView>>;

async function polled(firing: Firing, { target }: Source): Promise<Firing> {
  if (!isFollowed(firing)) return firing;
  const { firing: now } = await sendCommand(target, { command: 'poll', firing: firing.id });
  return now ?? firing;
}

function actionsOn(firing: Firing): ('retry' | 'cancel')[] {
  if (isRetryable(firing)) return ['retry'];
  return isCancellable(firing) && !firing.execution.adopted ? ['cancel'] : [];
}

function commandsFor(firing: Firing): string[] {
  const id = shortId(firing.id);
  const ofActions = actionsOn(firing).map((action) => `${action} ${id} --reason "why"`);
  return [`show ${id}`, `logs --firing ${id}`, ...ofActions];
}
