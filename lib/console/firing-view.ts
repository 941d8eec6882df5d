import { executionPage } from '../../lambda/api/pages.ts';
import { isFinal } from '../../lambda/firing/states.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import { isRetryable } from '../../lambda/start/retry.ts';
import { dashboardOf } from '../views/dashboard.ts';
import { firingFacts } from '../views/firing-facts.ts';
import { findFiring } from '../views/firing-reference.ts';
import { firingTimeline } from '../views/firing-timeline.ts';
import { nextStep } from '../views/next-step.ts';
import type { FiringView } from './console-data.ts';
import { firingRow } from './firing-row.ts';
import type { Source } from './source.ts';

/** Everything about the firing that the reference means, as `rtt show` finds it. Throws InputError where there is none. */
export async function readFiringView(
  reference: string,
  { describe, typed }: Pick<Source, 'describe' | 'typed'>,
  ledger: Pick<Ledger, 'read' | 'ofTrigger'>,
): Promise<FiringView> {
  const { config, readOnly } = await describe();
  const firing = await findFiring(reference, Object.keys(config.triggers), ledger);
  const link = executionPage(dashboardOf(config), firing.runTestId, firing.execution?.id);
  const next = nextStep(firing, link);
  return {
    row: firingRow(firing),
    facts: firingFacts(firing).flatMap(([label, value]) =>
      value === undefined || value === '' ? [] : [[label, String(value)] as const],
    ),
    timeline: firingTimeline(firing).map(({ at, what }) => ({ at: at.toISOString(), what })),
    ...(next && { next: { what: next.what, commands: next.commands.map(typed) } }),
    ...(link !== undefined && { link }),
    isFinal: isFinal(firing),
    isRetryable: readOnly === undefined && isRetryable(firing),
  };
}
