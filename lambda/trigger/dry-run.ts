import { accessApi } from '../api/api.ts';
import {
  type ApiAccess,
  type ExecutionsPage,
  executeRequest,
  listExecutions,
} from '../api/future-agi.ts';
import { findScenarios } from '../api/lookup.ts';
import type { Scenario } from '../api/selection-plan.ts';
import { withoutKey } from '../api/without-key.ts';
import type { Selection } from '../firing/firing.ts';
import { newFiring } from '../firing/new-firing.ts';
import type { Budget } from '../firing/policy.ts';
import type { Trigger } from '../firing/trigger.ts';
import {
  type AdmissionDecision,
  previewAdmission,
  readPolicyRecords,
} from '../policies/admission.ts';
import type { AdmissionRecord, AdmissionRecords } from '../policies/admission-record.ts';
import { dateIn, type SpentShare, spentShares } from '../policies/budget.ts';
import { type Draft, type Preparation, prepare } from '../start/prepare.ts';
import type { StartContext } from '../start/start.ts';
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
      /** What the policies would decide at this moment. */
      readonly admission: AdmissionDecision;
      readonly budgets: readonly (SpentShare & { readonly of: 'trigger' | 'all' })[];
    }
  | Exclude<Preparation, Draft>;

/** Goes through everything that comes before a POST, but neither the ledger nor the POST. */
export async function dryRun(
  { trigger: name, execute, evenIfPaused }: Extract<Command, { command: 'dry-run' }>,
  triggers: Readonly<Record<string, Trigger>>,
  context: StartContext,
  until: Date,
): Promise<DryRun> {
  const deployed = deployedTrigger(name, triggers);
  const trigger = execute ? withChoice(deployed, execute) : deployed;
  const { api, now } = context;
  const access = await accessApi(api, until);
  if (access instanceof Error) return { kind: 'refused', reason: access.message };
  const cause = {
    kind: 'command',
    requestId: 'dry-run',
    ...(evenIfPaused && { evenIfPaused }),
  } as const;
  const firing = newFiring({ trigger: name, cause, at: now() }, trigger, now());
  const draft = await prepare(firing, api, access);
  if (draft.kind !== 'ready') return draft;
  const { runTestId, selection } = draft;
  const [available, page, records] = await Promise.all([
    findScenarios(runTestId, access),
    listExecutions(runTestId, 1, access),
    readPolicyRecords({ ...firing, runTestId }, context),
  ]);
  if (available.kind === 'refused' && isRefusedToAll(available.status, page)) return available;
  const { selectAll, scenarioIds } = selection;
  const isRun = ({ id }: Scenario) => scenarioIds.includes(id) !== selectAll;
  const scenarios = available.kind === 'found' ? available.value.filter(isRun) : undefined;
  const executions = page.kind === 'page' ? page.executions : undefined;
  const candidate = { firing, runTestId, scenarios: scenarios?.length, executions };
  return {
    kind: 'ready',
    runTestId,
    selection,
    ...(scenarios && { scenarios }),
    request: requestOf(draft, access),
    admission: await previewAdmission(candidate, records, context),
    budgets: budgetsOf(trigger, records, context),
  };
}

/** A refused key, or a run test that is not there: another address would not help. */
function isRefusedToAll(status: number | undefined, page: ExecutionsPage): boolean {
  const isRead = page.kind === 'page';
  return !isRead && page.status === status && (status === 401 || status === 404);
}

function budgetsOf({ budget }: Trigger, { own, shared }: AdmissionRecords, context: StartContext) {
  const date = dateIn(context.timezone, context.now());
  const shares = (record: AdmissionRecord, limits: Budget | undefined, of: 'trigger' | 'all') =>
    limits ? spentShares(record.spent, limits, date).map((share) => ({ ...share, of })) : [];
  return [...shares(own, budget, 'trigger'), ...shares(shared, context.budget, 'all')];
}

function requestOf({ runTestId, body: fields }: Draft, { baseUrl, key }: ApiAccess) {
  const { method, url, headers, body = '' } = executeRequest(baseUrl, runTestId, fields, key);
  const shown = Object.entries(headers).map(([name, value]) => [name, withoutKey(value, key)]);
  return { method, url: url.href, headers: Object.fromEntries(shown), body };
}
