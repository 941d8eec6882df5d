import { type ApiKey, readApiKey } from '../api/api-key.ts';
import { executeRequest, listExecutions, withoutKey } from '../api/future-agi.ts';
import { findScenarios } from '../api/lookup.ts';
import type { Scenario } from '../api/selection-plan.ts';
import type { Budget, Trigger } from '../config/deployed-config.ts';
import type { Core } from '../core.ts';
import type { Selection } from '../firing/firing.ts';
import { newFiring } from '../firing/new-firing.ts';
import {
  type AdmissionDecision,
  type AdmissionRecords,
  previewAdmission,
  readAdmissionRecords,
} from '../policies/admission.ts';
import type { AdmissionRecord } from '../policies/admission-record.ts';
import { dateIn, type SpentShare, spentShares } from '../policies/budget.ts';
import { accessOf, type Preparation, prepare } from '../start/prepare.ts';
import type { Command } from './command.ts';
import { deployedTrigger, withChoice } from './event.ts';

/** What a start would do at this moment. Nothing was sent, recorded or counted. */
export type DryRun =
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
      readonly admission: AdmissionDecision;
      readonly budgets: readonly (SpentShare & { readonly of: 'trigger' | 'all' })[];
    }
  | { readonly kind: 'refused' | 'unavailable'; readonly reason: string };

/** Goes through everything that comes before a POST, but neither the ledger nor the POST. */
export async function dryRun(
  { trigger: name, execute, evenIfPaused }: Extract<Command, { command: 'dryRun' }>,
  triggers: Readonly<Record<string, Trigger>>,
  core: Core,
  until: Date,
): Promise<DryRun> {
  const deployed = deployedTrigger(name, triggers);
  const trigger = execute ? withChoice(deployed, execute) : deployed;
  const key = await readApiKey(core);
  if (key instanceof Error) return { kind: 'refused', reason: key.message };
  const source = {
    kind: 'manual',
    requestId: 'dryRun',
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
    readAdmissionRecords(firing, core),
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
    admission: await previewAdmission(candidate, gates, core),
    budgets: budgetsOf(trigger, gates, core),
  };
}

function budgetsOf({ budget }: Trigger, { own, shared }: AdmissionRecords, core: Core) {
  const date = dateIn(core.timezone, core.now());
  const shares = (gate: AdmissionRecord, limits: Budget | undefined, of: 'trigger' | 'all') =>
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
