import { executionPage } from '../../lambda/api/pages.ts';
import { isFinal } from '../../lambda/firing/states.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import { isRetryable } from '../../lambda/start/retry.ts';
import { sendCommand } from '../target/invoke.ts';
import type { Target } from '../target/target.ts';
import { firingFacts } from '../views/firing-facts.ts';
import { findFiring } from '../views/firing-reference.ts';
import { firingTimeline } from '../views/firing-timeline.ts';
import { nextStep } from '../views/next-step.ts';
import type { FiringView } from './console-data.ts';
import { firingRow } from './firing-row.ts';

/** Everything about the firing that the reference means, as `rtt show` finds it. Throws InputError where there is none. */
export async function readFiringView(
  reference: string,
  target: Target,
  ledger: Pick<Ledger, 'read' | 'ofTrigger'>,
): Promise<FiringView> {
  const { triggers, apiBaseUrl: baseUrl } = await sendCommand(target, { command: 'describe' });
  const firing = await findFiring(reference, Object.keys(triggers), ledger);
  const link = executionPage({ baseUrl }, firing.runTestId, firing.execution?.id);
  const next = nextStep(firing, link);
  return {
    row: firingRow(firing),
    facts: firingFacts(firing).flatMap(([label, value]) =>
      value === undefined || value === '' ? [] : [[label, String(value)] as const],
    ),
    timeline: firingTimeline(firing).map(({ at, what }) => ({ at: at.toISOString(), what })),
    ...(next && {
      next: { what: next.what, commands: next.commands.map((words) => `npx rtt ${words}`) },
    }),
    ...(link !== undefined && { link }),
    isFinal: isFinal(firing),
    isRetryable: isRetryable(firing),
  };
}
