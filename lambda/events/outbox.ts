import type { Api } from '../api/api.ts';
import { executionPage, runTestPage } from '../api/pages.ts';
import { againOf } from '../firing/again.ts';
import type { Change } from '../firing/change.ts';
import { EVENT_KINDS, type EventKind } from '../firing/event-kind.ts';
import type { Firing } from '../firing/firing.ts';
import type { Budget } from '../firing/policy.ts';
import { reportedResult } from '../firing/service-event.ts';
import { isFinal } from '../firing/states.ts';
import { toPublished } from '../firing/transition.ts';
import type { RetentionContext } from '../ledger/ledger.ts';
import { writeOrLatest } from '../ledger/write-or-latest.ts';
import { readPause } from '../policies/pause.ts';
import { countOutcome } from '../policies/rejections.ts';
import { releaseSlot } from '../policies/release.ts';
import { firstOf } from '../runtime/first-of.ts';
import { log } from '../runtime/log.ts';
import { causesOf } from './causes.ts';
import { type ProblemsContext, trackProblems } from './problems.ts';
import type { Publish } from './publish.ts';
import type { QuietContext } from './quiet-hours.ts';
import type { Untold } from './together.ts';

/** For publishing at least once what a firing's changes tell people. */
export interface OutboxContext extends ProblemsContext, QuietContext, RetentionContext {
  readonly api: Pick<Api, 'baseUrl' | 'dashboardUrl'>;
  readonly publish: Publish;
  /** Present where all triggers together have a budget. */
  readonly budget?: Budget;
}

/** The events in a firing's outbox. Asking again gives the same events, with the same ids. */
export async function untoldOf(firing: Firing, context: OutboxContext): Promise<Untold[]> {
  const { outbox = [] } = firing;
  const isCounted = outbox.includes('rejected') || outbox.includes('started');
  const paused = isCounted ? await countOutcome(firing, context) : undefined;
  const untold: Untold[] = [];
  for (const kind of outbox) {
    const again = kind === 'failed' ? await recordAgain(firing, context) : undefined;
    untold.push(
      ...(again === undefined
        ? await eventsOf(firing, kind, reasonsOf(firing, kind), context)
        : [heldUntil(again, firing, context)]),
      ...(await firstTryOf(firing, kind, context)),
    );
  }
  if (paused !== undefined) untold.push(...(await eventsOf(firing, 'paused', [paused], context)));
  return untold;
}

/** Records the firing that tries again what failed in this one, once; undefined where nothing is tried again. */
async function recordAgain(firing: Firing, { ledger, now }: OutboxContext) {
  const again = againOf(firing, now());
  if (!again) return undefined;
  const { recorded } = await ledger.record(again);
  const { id, trigger, cause } = again;
  if (recorded) log('firing_recorded', { firing: id, trigger, cause });
  return id;
}

/** What failed and is tried again: people are told when that is over. */
function heldUntil(again: string, firing: Firing, context: OutboxContext): Untold {
  const reasons = reasonsOf(firing, 'failed');
  const event = { ...eventOf(firing, 'failed', context), reasons, repeated: false };
  return { causes: [], event: { ...event, held: true, retried_as: again } };
}

/** Kinds of which the second try has shown how the scenarios went; a start is not the end. */
const SHOWN: ReadonlySet<EventKind> = new Set([
  'started',
  'passed',
  'failed',
  'budget',
  'mismatch',
]);

/** The failure of the first try, where the second has shown nothing: nobody was told of it until now. */
async function firstTryOf({ cause }: Firing, kind: EventKind, context: OutboxContext) {
  if (cause.kind !== 'again' || SHOWN.has(kind)) return [];
  const first = await context.ledger.read(cause.firing);
  if (!first) return [];
  const reasons = [...reasonsOf(first, 'failed'), NOT_AGAIN];
  const untold = await eventsOf(first, 'failed', reasons, context);
  // The event that was held has the id without an end.
  return untold.map(({ event, causes }) => ({
    causes,
    event: { ...event, id: `${event.id}/held` },
  }));
}

const NOT_AGAIN = 'The scenarios that failed were to run again, and that run has given no result.';
const TRIES: Readonly<Record<number, string>> = { 2: 'second', 3: 'third', 4: 'fourth' };

/** Empties the outbox of a firing whose events are published, and closes the firing when it is final. */
export async function closeOutbox(firing: Firing, context: OutboxContext): Promise<Firing> {
  if (isFinal(firing)) await releaseSlot(firing, context);
  return writeOrLatest(context.ledger, firing, toPublished(firing, context));
}

/** The event of this kind and, where it ends a problem, the recovery. */
async function eventsOf(
  firing: Firing,
  kind: EventKind,
  reasons: string[],
  context: OutboxContext,
): Promise<Untold[]> {
  const { id, trigger, policy } = firing;
  const { alertAfter = 1, recoverAfter = 1 } = policy;
  const showsItWorks = isSuccess(firing, kind) && !(await readPause(trigger, context));
  const event = {
    kind,
    firing: id,
    beganAt: beganAt(firing),
    showsItWorks,
    rate: firing.result?.successRate,
    causes: causesOf(firing, reasons),
    patience: { alertAfter, recoverAfter },
  };
  const { repeated, ended, mood } = await trackProblems(trigger, event, context);
  const { causes } = event;
  const told = {
    ...eventOf(firing, kind, context),
    reasons: mood === 'flapping' ? [FLAPS, ...reasons] : reasons,
    repeated,
    ...(mood === 'held' && { held: true as const }),
  };
  const own = { causes, event: told };
  if (ended.length === 0) return [own];
  log('trigger_recovered', { trigger, firing: id, from: ended.map((problem) => problem.kind) });
  const before = ended.map(
    (problem) =>
      `${EVENT_KINDS[problem.kind].past} before, since ${problem.since}, ${problem.runs === 1 ? '1 run' : `${problem.runs} runs`}.`,
  );
  const recovered = { ...eventOf(firing, 'recovered', context), reasons: before, repeated: false };
  return [own, { causes: [], event: { ...recovered, ended: [...ended] } }];
}

const FLAPS =
  'It passes and fails by turns: the next message comes after three runs in a row with the same result.';

/** A missed occurrence is recorded long after its time. */
function beganAt({ state, cause, sentAt, recordedAt }: Firing): string {
  const wasMissed = state === 'missed' && cause.kind === 'schedule';
  return wasMissed ? cause.scheduledTime : (sentAt ?? recordedAt);
}

function isSuccess({ policy, mismatch }: Firing, kind: EventKind): boolean {
  return !mismatch && (kind === 'passed' || (kind === 'started' && !policy.follow));
}

function eventOf(firing: Firing, kind: EventKind, { api, now }: OutboxContext) {
  const { id, trigger, runTestId, execution, result, cause, change } = firing;
  const { retries = [], judgements = [] } = firing;
  const repetitions = retries.length + judgements.length;
  return {
    version: 1 as const,
    id: [id, kind, ...(repetitions > 0 ? [repetitions + 1] : [])].join('/'),
    kind,
    severity: EVENT_KINDS[kind].severity,
    trigger,
    firing: id,
    time: now().toISOString(),
    what_to_do: EVENT_KINDS[kind].whatToDo,
    link: executionPage(api, runTestId, execution?.id),
    run_test_link: runTestPage(api, runTestId),
    run_test_id: runTestId,
    execution_id: execution?.id,
    change: change && reportedChange(change),
    schedule:
      cause.kind === 'schedule'
        ? { name: cause.schedule, scheduled_time: cause.scheduledTime }
        : undefined,
    result: result && reportedResult(result),
  };
}

function reportedChange({ pullRequest: pull_request, ...change }: Change) {
  return { ...change, pull_request };
}

function reasonsOf(firing: Firing, kind: EventKind): string[] {
  const { cause, reason, result, mismatch, budgetWarning } = firing;
  if (kind === 'started' || (kind === 'passed' && cause.kind !== 'again')) return [];
  if (kind === 'passed')
    return [`The scenarios that had failed passed at the ${tryOf(firing)} try.`];
  if (kind === 'budget') return budgetWarning === undefined ? [] : [budgetWarning];
  if (kind === 'mismatch') {
    return [
      ...listed('not asked for', mismatch?.surplus),
      ...listed('asked for and not run', mismatch?.missing),
    ];
  }
  if (result && cause.kind === 'again' && kind === 'failed') {
    return [...result.reasons, `It was the ${tryOf(firing)} try of the scenarios that had failed.`];
  }
  if (kind === result?.verdict || (kind === 'skipped' && result)) return result.reasons;
  return reason ? [reason] : [];
}

function tryOf({ cause }: Firing): string {
  return (cause.kind === 'again' && TRIES[cause.attempt]) || 'next';
}

/** As many ids as a message can show. */
const MOST_IDS = 5;

function listed(what: string, ids: readonly string[] = []): string[] {
  if (ids.length === 0) return [];
  return [`${ids.length} ${what} (${firstOf(ids, MOST_IDS).join(', ')}).`];
}
