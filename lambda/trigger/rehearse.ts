import { type ApiKey, readApiKey } from '../shared/api/api-key.ts';
import { executeRequest, listExecutions, withoutKey } from '../shared/api/future-agi.ts';
import { findScenarios } from '../shared/api/lookup.ts';
import { accessOf, type Preparation, prepare } from '../shared/api/prepare.ts';
import type { Scenario } from '../shared/api/selection-plan.ts';
import type { Core } from '../shared/core.ts';
import type { Budget, Trigger } from '../shared/deployed-config.ts';
import type { Selection } from '../shared/firing.ts';
import { dateIn, type SpentShare, spentShares } from '../shared/gate/budget.ts';
import { foresee, type Gates, type Judgement, readGates } from '../shared/gate/enter.ts';
import type { Gate } from '../shared/gate/gate.ts';
import { newFiring } from '../shared/new-firing.ts';
import { deployedTrigger, withChoice } from './event.ts';
import type { Order } from './order.ts';

/** What a start would do at this moment. Nothing was sent, recorded or counted. */
export type Rehearsal =
  | {
      readonly kind: 'ready';
      readonly runTestId: string;
      readonly selection: Selection;
      /** Those that would run; absent when they cannot be listed. */
      readonly scenarios?: readonly Scenario[];
      /** As it would leave, without the key. */
      readonly request: {
        readonly method: string;
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
        readonly body: string;
      };
      /** What the policies would say at this moment. */
      readonly passage: Judgement;
      readonly budgets: readonly (SpentShare & { readonly of: 'trigger' | 'all' })[];
    }
  | { readonly kind: 'refused' | 'unavailable'; readonly reason: string };

/** Goes through everything that comes before a POST, but neither the ledger nor the POST. */
export async function rehearse(
  { trigger: name, execute, evenIfPaused }: Extract<Order, { order: 'rehearse' }>,
  triggers: Readonly<Record<string, Trigger>>,
  core: Core,
  until: Date,
): Promise<Rehearsal> {
  const deployed = deployedTrigger(name, triggers);
  const trigger = execute ? withChoice(deployed, execute) : deployed;
  const key = await readApiKey(core);
  if (key instanceof Error) return { kind: 'refused', reason: key.message };
  const source = {
    kind: 'manual',
    requestId: 'rehearsal',
    ...(evenIfPaused && { evenIfPaused }),
  } as const;
  const firing = newFiring({ trigger: name, source, at: core.now() }, trigger, core.now());
  const draft = await prepare(firing, core, key, until);
  if (draft.kind !== 'ready') return draft;
  const { runTestId, selection } = draft;
  const access = accessOf(core, key, until);
  const [available, page, gates] = await Promise.all([
    findScenarios(runTestId, access),
    listExecutions(core.apiBaseUrl, runTestId, key, 1, access.limits()),
    readGates(firing, core),
  ]);
  const scenarios = available.kind === 'found' ? selected(selection, available.value) : undefined;
  const executions = page.kind === 'page' ? page.executions : undefined;
  const candidate = { firing, scenarios: scenarios?.length, executions };
  return {
    kind: 'ready',
    runTestId,
    selection,
    ...(scenarios && { scenarios }),
    request: requestOf(draft, core, key),
    passage: await foresee(candidate, gates, core),
    budgets: budgetsOf(trigger, gates, core),
  };
}

function budgetsOf({ budget }: Trigger, { own, shared }: Gates, core: Core) {
  const date = dateIn(core.timezone, core.now());
  const shares = (gate: Gate, limits: Budget | undefined, of: 'trigger' | 'all') =>
    limits ? spentShares(gate.spent, limits, date).map((share) => ({ ...share, of })) : [];
  return [...shares(own, budget, 'trigger'), ...shares(shared, core.budget, 'all')];
}

function selected(
  { selectAll, scenarioIds }: Selection,
  available: readonly Scenario[],
): readonly Scenario[] {
  return available.filter(({ id }) => scenarioIds.includes(id) !== selectAll);
}

function requestOf(
  { runTestId, body: fields }: Extract<Preparation, { kind: 'ready' }>,
  { apiBaseUrl }: Core,
  key: ApiKey,
) {
  const { method, url, headers, body = '' } = executeRequest(apiBaseUrl, runTestId, fields, key);
  const shown = Object.entries(headers).map(([name, value]) => [name, withoutKey(value, key)]);
  return { method, url: url.href, headers: Object.fromEntries(shown), body };
}
