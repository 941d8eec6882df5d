import * as z from 'zod/mini';
import { EVENT_KINDS, type EventKind, kindSchema } from '../firing/event-kind.ts';
import type { LedgerContext } from '../ledger/ledger.ts';

const problemsSchema = z.object({
  id: z.string(),
  revision: z.string(),
  /** The last event of each kind that was published and not repeated, since the trigger last recovered. */
  problems: z.partialRecord(
    kindSchema,
    z.object({ firing: z.string(), publishedAt: z.string(), beganAt: z.string() }),
  ),
  /** The last recovery: the firing that showed it, and the problems that ended. */
  recovery: z.optional(z.object({ firing: z.string(), from: z.array(kindSchema) })),
});
type Problems = Pick<z.infer<typeof problemsSchema>, 'problems' | 'recovery'>;

/** A problem that goes on is told again after this long: once a night for a nightly run, not once a minute. */
const REMIND_AFTER_MS = 12 * 3_600_000;

const PROBLEMS = kindSchema.options.filter((kind) => EVENT_KINDS[kind].group === 'problem');

/** An event that is about to be published. */
interface TrackedEvent {
  readonly kind: EventKind;
  readonly firing: string;
  /** When the firing was sent or was due: a success ends only the problems that began before. */
  readonly beganAt: string;
  /** Whether it ends the trigger's problems. */
  readonly showsItWorks: boolean;
}

/** What an event means for people who know what happened to its trigger before. */
export interface Tracked {
  /** They were told of the same problem a short while ago. */
  readonly repeated: boolean;
  /** The problems that it ends. */
  readonly recoveredFrom: readonly EventKind[];
}

/**
 * Puts an event among its trigger's problems, before it is published. The same firing gets the same answer again, so
 * that a crash before the publishing loses nothing.
 */
export async function trackProblems(
  trigger: string,
  event: TrackedEvent,
  { ledger, now }: LedgerContext,
): Promise<Tracked> {
  const id = `/${trigger}/problems`;
  for (;;) {
    const read = await ledger.readItem(id, problemsSchema);
    const known = read ?? { problems: {} };
    const {
      next,
      repeated = false,
      recoveredFrom = [],
    } = event.showsItWorks ? recover(known, event) : remember(known, event, now());
    if (!next || (await ledger.writeItem(read, { ...next, id })))
      return { repeated, recoveredFrom };
  }
}

/** An answer, and the problems as they are then; without `next`, nothing changes. */
type Change = Partial<Tracked> & { readonly next?: Problems };

function remember(known: Problems, { kind, firing, beganAt }: TrackedEvent, now: Date): Change {
  const { group, canRepeat } = EVENT_KINDS[kind];
  const last = known.problems[kind];
  if ((group === 'notice' && !canRepeat) || last?.firing === firing) return {};
  const isRecent = last && now.getTime() - new Date(last.publishedAt).getTime() < REMIND_AFTER_MS;
  if (isRecent && canRepeat) return { repeated: true };
  const problem = { firing, publishedAt: now.toISOString(), beganAt };
  return { next: { ...known, problems: { ...known.problems, [kind]: problem } } };
}

function recover({ problems, recovery }: Problems, { firing, beganAt }: TrackedEvent): Change {
  if (recovery?.firing === firing) return { recoveredFrom: recovery.from };
  const isLater = (kind: EventKind) => (problems[kind]?.beganAt ?? '') > beganAt;
  const from = PROBLEMS.filter((kind) => problems[kind] && !isLater(kind));
  if (from.length === 0) return {};
  const later = PROBLEMS.filter(isLater).map((kind) => [kind, problems[kind]]);
  return {
    recoveredFrom: from,
    next: { problems: Object.fromEntries(later), recovery: { firing, from } },
  };
}
