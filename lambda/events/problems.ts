import * as z from 'zod/mini';
import { EVENT_KINDS, type EventKind, kindSchema } from '../firing/event-kind.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { addMinutes } from '../runtime/time.ts';

/** A problem that is over. */
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
      seen: z.optional(z.object({ rate: z.optional(z.number()), causes: z.array(z.string()) })),
      /** Since the trigger last recovered. */
      since: z.optional(z.string()),
      runs: z.optional(z.number()),
      /** The last firing that had it. */
      latest: z.optional(z.string()),
    }),
  ),
  /** The last recovery: the firing that showed it, and the problems that ended. */
  recovery: z.optional(z.object({ firing: z.string(), ended: z.catch(z.array(endedSchema), []) })),
});
type Problems = Pick<z.infer<typeof problemsSchema>, 'problems' | 'recovery'>;

/** A success rate that is so many points lower than the one that people know is news. */
const CLEARLY_WORSE = 20;

const PROBLEMS = kindSchema.options.filter((kind) => EVENT_KINDS[kind].group === 'problem');

/** An event that is about to be published. */
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
}

/** Where problems are remembered, and for how long people know of them. */
export type ProblemsContext = LedgerContext & { readonly repeatAfterMinutes: number };

/** What an event means for people who know what happened to its trigger before. */
export interface Tracked {
  /** They were told of the same problem a short while ago. */
  readonly repeated: boolean;
  /** The problems that it ends. */
  readonly ended: readonly Ended[];
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
  const id = `/${trigger}/problems`;
  for (;;) {
    const read = await ledger.readItem(id, problemsSchema);
    const known = read ?? { problems: {} };
    const {
      next,
      repeated = false,
      ended = [],
    } = event.showsItWorks
      ? recover(known, event)
      : remember(known, event, now(), repeatAfterMinutes);
    if (!next || (await ledger.writeItem(read, { ...next, id }))) return { repeated, ended };
  }
}

/** An answer, and the problems as they are then; without `next`, nothing changes. */
type Change = Partial<Tracked> & { readonly next?: Problems };

function remember(
  known: Problems,
  event: TrackedEvent,
  now: Date,
  repeatAfterMinutes: number,
): Change {
  const { kind, firing, beganAt, rate, causes } = event;
  const { group, canRepeat } = EVENT_KINDS[kind];
  const last = known.problems[kind];
  if ((group === 'notice' && !canRepeat) || last?.firing === firing) return {};
  if (last?.latest === firing) return { repeated: true };
  const { since = last?.beganAt ?? beganAt, runs = last ? 1 : 0 } = last ?? {};
  const spell = { since, runs: runs + 1, latest: firing };
  const isRecent = last && now < addMinutes(new Date(last.publishedAt), repeatAfterMinutes);
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
  if (!seen) return false;
  const isWorse =
    seen.rate !== undefined && rate !== undefined && seen.rate - rate >= CLEARLY_WORSE;
  return isWorse || causes.some((cause) => !seen.causes.includes(cause));
}

function recover({ problems, recovery }: Problems, { firing, beganAt }: TrackedEvent): Change {
  if (recovery?.firing === firing) return { ended: recovery.ended };
  const isLater = (kind: EventKind) => (problems[kind]?.beganAt ?? '') > beganAt;
  const ended = PROBLEMS.flatMap((kind) => {
    const problem = problems[kind];
    if (!problem || isLater(kind)) return [];
    return [{ kind, since: problem.since ?? problem.beganAt, runs: problem.runs ?? 1 }];
  });
  if (ended.length === 0) return {};
  const later = PROBLEMS.filter(isLater).map((kind) => [kind, problems[kind]]);
  return { ended, next: { problems: Object.fromEntries(later), recovery: { firing, ended } } };
}
