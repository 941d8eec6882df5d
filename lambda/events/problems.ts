import * as z from 'zod/mini';
import { EVENT_KINDS, type EventKind, kindSchema } from '../firing/event-kind.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { addMinutes } from '../runtime/time.ts';
import { type Patience, turnSchema, withTurn } from './turns.ts';

const endedSchema = z.object({ kind: kindSchema, since: z.string(), runs: z.number() });
type Ended = z.infer<typeof endedSchema>;

const problemsSchema = z.object({
  id: z.string(),
  revision: z.string(),
  /** The last event of each kind that was published and not repeated, since the trigger last recovered. */
  problems: z.partialRecord(
    kindSchema,
    z.object({
      firing: z.string(),
      publishedAt: z.string(),
      beganAt: z.string(),
      /** What people were told of it. */
      seen: z.object({ rate: z.optional(z.number()), causes: z.array(z.string()) }),
      /** Since the trigger last recovered. */
      since: z.string(),
      runs: z.number(),
      /** The last firing that had it. */
      latest: z.string(),
    }),
  ),
  /** The last recovery: the firing that showed it, and the problems that ended. */
  recovery: z.optional(z.object({ firing: z.string(), ended: z.array(endedSchema) })),
  /** The last runs, and whether people were told that it passes and fails in turn. */
  turns: z.optional(z.array(turnSchema)),
  isFlapping: z.optional(z.boolean()),
});
type Problems = Omit<z.infer<typeof problemsSchema>, 'id' | 'revision'>;

/** A success rate that is so many points lower than the one that people know is news. */
const CLEARLY_WORSE = 20;

const PROBLEMS = kindSchema.options.filter((kind) => EVENT_KINDS[kind].group === 'problem');

interface TrackedEvent {
  readonly kind: EventKind;
  readonly firing: string;
  /** When the firing was sent or was due: a success ends only the problems that began before. */
  readonly beganAt: string;
  /** Whether it ends the trigger's problems. */
  readonly showsItWorks: boolean;
  /** The execution's success rate, 0 to 100. */
  readonly rate?: number | undefined;
  /** What went wrong, in words that are the same each time it goes wrong in this way. */
  readonly causes: readonly string[];
  /** How many runs in a row it takes until people are told; absent: one. */
  readonly patience?: Patience;
}

/** Where problems are remembered, and for how long people know of them. */
export type ProblemsContext = LedgerContext & { readonly repeatAfterMinutes: number };

/** What an event means for people who know what happened to its trigger before. */
export interface Tracked {
  /** They were told of the same problem a short while ago. */
  readonly repeated: boolean;
  /** The problems that it ends. */
  readonly ended: readonly Ended[];
  /** `held`: too few in a row until now. `flapping`: the trigger passes and fails in turn, which is told once. */
  readonly mood?: 'held' | 'flapping';
}

/**
 * Puts an event among its trigger's problems, before it is published. The same firing gets the same answer again, so
 * that a crash before the publishing loses nothing.
 */
export async function trackProblems(
  trigger: string,
  event: TrackedEvent,
  { ledger, now, repeatAfterMinutes }: ProblemsContext,
): Promise<Tracked> {
  if (isOnlyTold(event)) return { repeated: false, ended: [] };
  const id = `/${trigger}/problems`;
  for (;;) {
    const read = await ledger.readItem(id, problemsSchema);
    const known = read ?? { problems: {} };
    const { next, ...change } = changeBy(known, event, now(), repeatAfterMinutes);
    const tracked = { repeated: false, ended: [], ...change };
    if (!next || (await ledger.writeItem(read, { ...next, id }))) return tracked;
  }
}

/** Whether it is told whatever happened before, and changes nothing. */
function isOnlyTold({ kind, showsItWorks }: TrackedEvent): boolean {
  const { group, canRepeat } = EVENT_KINDS[kind];
  return !showsItWorks && group === 'notice' && !canRepeat;
}

const AT_ONCE: Patience = { alertAfter: 1, recoverAfter: 1 };

function changeBy(
  before: Problems,
  event: TrackedEvent,
  now: Date,
  repeatAfterMinutes: number,
): Change {
  const isKnown = PROBLEMS.some((kind) => before.problems[kind] !== undefined);
  const found = withTurn(before, event, event.patience ?? AT_ONCE, isKnown);
  if (!found) return remember(before, event, now, repeatAfterMinutes);
  const { turn, row } = found;
  const known = { ...before, ...found.next, turns: [...found.next.turns] };
  const { answer } = turn;
  if (answer === 'held') return { next: known, ...(!turn.isGood && { mood: 'held' }) };
  if (turn.isGood) return { next: known, ...recover(known, event) };
  const isNew = answer === 'flapping' || answer === 'steady';
  const told = { ...event, since: row[0]?.beganAt ?? event.beganAt, runs: row.length, isNew };
  const change = { next: known, ...remember(known, told, now, repeatAfterMinutes) };
  return answer === 'flapping' ? { ...change, mood: 'flapping' } : change;
}

/** An answer, and the problems as they are then; without `next`, nothing changes. */
type Change = Partial<Tracked> & { readonly next?: Problems };

/** The runs in a row that went wrong, with this one. */
interface Row {
  readonly since: string;
  readonly runs: number;
  /** Told even if people know the problem. */
  readonly isNew: boolean;
}

function remember(
  known: Problems,
  event: TrackedEvent & Partial<Row>,
  now: Date,
  repeatAfterMinutes: number,
): Change {
  const { kind, firing, beganAt, rate, causes } = event;
  const { canRepeat } = EVENT_KINDS[kind];
  const last = known.problems[kind];
  if (last?.firing === firing) return {};
  if (last?.latest === firing) return { repeated: true };
  const first = { since: event.since ?? beganAt, runs: (event.runs ?? 1) - 1 };
  const { since, runs } = last ?? first;
  const spell = { since, runs: runs + 1, latest: firing };
  const isRecent =
    last && !event.isNew && now < addMinutes(new Date(last.publishedAt), repeatAfterMinutes);
  if (isRecent && canRepeat && !isNews(last.seen, event)) {
    return { repeated: true, next: withProblem(known, kind, { ...last, ...spell }) };
  }
  const seen = { causes: [...causes], ...(rate !== undefined && { rate }) };
  const problem = { firing, publishedAt: now.toISOString(), beganAt, seen, ...spell };
  return { next: withProblem(known, kind, problem) };
}

type Problem = NonNullable<Problems['problems'][EventKind]>;

function withProblem(known: Problems, kind: EventKind, problem: Problem): Problems {
  return { ...known, problems: { ...known.problems, [kind]: problem } };
}

/** Whether it is clearly worse than what people were told, or went wrong in another way. */
function isNews(seen: Problem['seen'], { rate, causes }: TrackedEvent): boolean {
  const isWorse =
    seen.rate !== undefined && rate !== undefined && seen.rate - rate >= CLEARLY_WORSE;
  return isWorse || causes.some((cause) => !seen.causes.includes(cause));
}

function recover(known: Problems, { firing, beganAt }: TrackedEvent): Change {
  const { problems, recovery } = known;
  if (recovery?.firing === firing) return { ended: recovery.ended };
  const isLater = (kind: EventKind) => (problems[kind]?.beganAt ?? '') > beganAt;
  const ended = PROBLEMS.flatMap((kind) => {
    const problem = problems[kind];
    if (!problem || isLater(kind)) return [];
    return [{ kind, since: problem.since, runs: problem.runs }];
  });
  if (ended.length === 0) return {};
  const later = PROBLEMS.filter(isLater).map((kind) => [kind, problems[kind]]);
  return {
    ended,
    next: { ...known, problems: Object.fromEntries(later), recovery: { firing, ended } },
  };
}
