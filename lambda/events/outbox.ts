import type { Api } from '../api/api.ts';
import { executionLink } from '../api/execution-link.ts';
import { EVENT_KINDS, type EventKind } from '../firing/event-kind.ts';
import type { Firing } from '../firing/firing.ts';
import type { Budget } from '../firing/policy.ts';
import { reportedResult, type ServiceEvent } from '../firing/service-event.ts';
import { isFinal } from '../firing/states.ts';
import { toPublished } from '../firing/transition.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { writeOrLatest } from '../ledger/write-or-latest.ts';
import { readPause } from '../policies/pause.ts';
import { countOutcome } from '../policies/rejections.ts';
import { releaseSlot } from '../policies/release.ts';
import { log } from '../runtime/log.ts';
import { trackProblems } from './problems.ts';
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
 * Publishes the events in a firing's outbox, and closes the firing when it is final. The outbox is emptied last: after
 * a crash in between, the next sweep publishes the same events again, with the same ids. Each is published at least once.
 */
export async function publishOutbox(firing: Firing, context: OutboxContext): Promise<Firing> {
  const { outbox = [] } = firing;
  const { ledger } = context;
  const isCounted = outbox.includes('rejected') || outbox.includes('started');
  const paused = isCounted ? await countOutcome(firing, context) : undefined;
  const events: ServiceEvent[] = [];
  for (const kind of outbox) {
    events.push(...(await eventsOf(firing, kind, reasonsOf(firing, kind), context)));
  }
  if (paused !== undefined) events.push(...(await eventsOf(firing, 'paused', [paused], context)));
  await context.publish(events);
  if (isFinal(firing)) await releaseSlot(firing, context);
  return writeOrLatest(ledger, firing, toPublished(firing, context));
}

/** The event of this kind and, where it ends a problem, the recovery. */
async function eventsOf(
  firing: Firing,
  kind: EventKind,
  reasons: string[],
  context: OutboxContext,
): Promise<ServiceEvent[]> {
  const { id, trigger } = firing;
  const showsItWorks = isSuccess(firing, kind) && !(await readPause(trigger, context));
  const event = { kind, firing: id, beganAt: beganAt(firing), showsItWorks };
  const { repeated, recoveredFrom } = await trackProblems(trigger, event, context);
  const own = { ...eventOf(firing, kind, context), reasons, repeated };
  if (recoveredFrom.length === 0) return [own];
  log('trigger_recovered', { trigger, firing: id, from: recoveredFrom });
  const before = [`It was ${recoveredFrom.join(', ')} before.`];
  return [own, { ...eventOf(firing, 'recovered', context), reasons: before, repeated: false }];
}

/** A missed occurrence is recorded long after its time. */
function beganAt({ state, cause, sentAt, recordedAt }: Firing): string {
  const wasMissed = state === 'missed' && cause.kind === 'schedule';
  return wasMissed ? cause.scheduledTime : (sentAt ?? recordedAt);
}

function isSuccess({ policy, mismatch }: Firing, kind: EventKind): boolean {
  return !mismatch && (kind === 'passed' || (kind === 'started' && !policy.follow));
}

function eventOf(firing: Firing, kind: EventKind, { api, now }: OutboxContext) {
  const {
    id,
    trigger,
    runTestId,
    execution,
    result,
    cause,
    retries = [],
    judgements = [],
  } = firing;
  const repetitions = retries.length + judgements.length;
  return {
    version: 1 as const,
    id: [id, kind, ...(repetitions > 0 ? [repetitions + 1] : [])].join('/'),
    kind,
    trigger,
    firing: id,
    time: now().toISOString(),
    what_to_do: EVENT_KINDS[kind].whatToDo?.replace('{firing}', id),
    link: executionLink(api.baseUrl, runTestId, execution?.id),
    run_test_id: runTestId,
    execution_id: execution?.id,
    schedule:
      cause.kind === 'schedule'
        ? { name: cause.schedule, scheduled_time: cause.scheduledTime }
        : undefined,
    result: result && reportedResult(result),
  };
}

function reasonsOf(firing: Firing, kind: EventKind): string[] {
  const { reason, result, mismatch, budgetWarning } = firing;
  if (kind === 'passed' || kind === 'started') return [];
  if (kind === 'budget') return budgetWarning === undefined ? [] : [budgetWarning];
  if (kind === 'mismatch') {
    return [
      ...listed('It runs scenarios that were not asked for', mismatch?.surplus),
      ...listed('It does not run', mismatch?.missing),
    ];
  }
  if (kind === result?.verdict) return result.reasons;
  return reason ? [reason] : [];
}

/** As many ids as a message can show. */
const MOST_IDS = 5;

function listed(what: string, ids: readonly string[] = []): string[] {
  if (ids.length === 0) return [];
  const more = ids.length > MOST_IDS ? ` and ${ids.length - MOST_IDS} more` : '';
  return [`${what}: ${ids.slice(0, MOST_IDS).join(', ')}${more}.`];
}
