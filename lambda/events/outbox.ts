import type { Api } from '../api/api.ts';
import { executionLink } from '../api/execution-link.ts';
import type { Budget } from '../config/deployed-config.ts';
import type { Firing } from '../firing/firing.ts';
import { reportedResult } from '../firing/reported-result.ts';
import type { ServiceEvent, ServiceEventKind } from '../firing/service-event.ts';
import { isFinal } from '../firing/states.ts';
import { toPublished } from '../firing/transition.ts';
import { setReference } from '../follow/reference.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { writeOrLatest } from '../ledger/write-or-latest.ts';
import { readPause } from '../policies/pause.ts';
import { countOutcome, RESUME } from '../policies/rejections.ts';
import { releaseSlot } from '../policies/release.ts';
import { log } from '../runtime/log.ts';
import { noteNews } from './problems.ts';
import type { Publish } from './publish.ts';

/** What publishing a firing's events needs. */
export interface OutboxContext extends LedgerContext {
  readonly api: Pick<Api, 'baseUrl'>;
  readonly publish: Publish;
  /** How long a final firing stays in the ledger. */
  readonly retentionDays: number;
  /** Present where all triggers together have a budget. */
  readonly budget?: Budget;
}

/**
 * Publishes what nobody was told of a firing yet, and closes it when it is final. A crash anywhere in between
 * makes the next sweep tell it again, with the same event ids: at least once, and never not at all.
 */
export async function publishOutbox(firing: Firing, core: OutboxContext): Promise<Firing> {
  const { outbox = [] } = firing;
  const paused = NOTED.some((kind) => outbox.includes(kind)) && (await countOutcome(firing, core));
  const events = [];
  for (const kind of outbox) events.push(...(await eventsOf(firing, kind, core)));
  if (paused) events.push(...(await eventsOf(firing, 'paused', core, [paused])));
  await core.publish(events);
  if (isFinal(firing)) await releaseSlot(firing, core);
  if (outbox.includes('passed') && !firing.mismatch) await setReference(firing, core.ledger);
  return writeOrLatest(core.ledger, firing, toPublished(firing, core));
}

/** News by which a trigger may be paused, or the count of its rejections begins anew. */
const NOTED: readonly ServiceEventKind[] = ['rejected', 'started'];

async function eventsOf(
  firing: Firing,
  kind: ServiceEventKind,
  core: OutboxContext,
  reasons = reasonsOf(firing, kind),
): Promise<ServiceEvent[]> {
  const { id, trigger, sentAt, recordedAt } = firing;
  const isWell = showsSuccess(firing, kind) && !(await readPause(trigger, core));
  const news = { kind, cause: id, beganAt: sentAt ?? recordedAt, isWell };
  const { repeated, recoveredFrom } = await noteNews(trigger, news, core);
  const event = { ...baseOf(firing, kind, core), reasons, repeated };
  if (recoveredFrom.length === 0) return [event];
  const before = [`It was ${recoveredFrom.join(', ')} before.`];
  log('trigger_recovered', { trigger, firing: id, from: recoveredFrom });
  return [event, { ...baseOf(firing, 'recovered', core), reasons: before, repeated: false }];
}

function showsSuccess({ policy, mismatch }: Firing, kind: ServiceEventKind): boolean {
  return !mismatch && (kind === 'passed' || (kind === 'started' && !policy.follow));
}

function baseOf(firing: Firing, kind: ServiceEventKind, core: OutboxContext) {
  const { id, trigger, runTestId, execution, result, cause, retries } = firing;
  const link = executionLink(core.api.baseUrl, runTestId, execution?.id);
  const whatToDo = WHAT_TO_DO[kind];
  return {
    version: 1 as const,
    id: [id, kind, ...(retries ? [retries.length + 1] : [])].join('/'),
    kind,
    trigger,
    firing: id,
    time: core.now().toISOString(),
    ...(whatToDo !== undefined && { what_to_do: whatToDo }),
    ...(link !== undefined && { link }),
    ...(runTestId !== undefined && { run_test_id: runTestId }),
    ...(execution && { execution_id: execution.id }),
    ...(cause.kind === 'schedule' && {
      schedule: { index: cause.schedule, scheduled_time: cause.scheduledTime },
    }),
    ...(result && { result: reportedResult(result) }),
  };
}

function reasonsOf(firing: Firing, kind: ServiceEventKind): string[] {
  const { reason, result, mismatch, budgetWarning } = firing;
  if (kind === 'passed' || kind === 'started') return [];
  if (kind === 'budget') return budgetWarning === undefined ? [] : [budgetWarning];
  if (kind === 'mismatch') {
    return [
      ...listed('It runs scenarios that were not asked for', mismatch?.surplus),
      ...listed('It does not run', mismatch?.missing),
    ];
  }
  return result && kind === result.verdict ? result.reasons : reason ? [reason] : [];
}

/** As many ids as a message can show. */
const MOST_IDS = 5;

function listed(what: string, ids: readonly string[] = []): string[] {
  if (ids.length === 0) return [];
  const more = ids.length > MOST_IDS ? ` and ${ids.length - MOST_IDS} more` : '';
  return [`${what}: ${ids.slice(0, MOST_IDS).join(', ')}${more}.`];
}

/** Absent where the reason says it already, or nothing is to be done. */
const WHAT_TO_DO: Readonly<Partial<Record<ServiceEventKind, string>>> = {
  failed: 'Open the execution and look at the calls that failed.',
  inconclusive: 'Look at the execution in Future AGI and judge for yourself.',
  lost: 'Look at the execution in Future AGI: it may hang there, or need a longer maxDuration in triggers.yaml.',
  mismatch:
    'Compare execute in triggers.yaml with the run test; cancel the execution if it is not wanted.',
  unresolved:
    'Look at the run test’s executions in Future AGI; retry the firing only if it did not start.',
  expired: 'Fire the trigger by hand if the run is still wanted.',
  paused: RESUME,
  budget: 'Raise budget in triggers.yaml if these runs are wanted; beyond it, firings are skipped.',
};
