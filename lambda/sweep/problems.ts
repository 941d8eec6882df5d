import * as z from 'zod/mini';
import type { Core } from '../shared/core.ts';
import { kindSchema, type ServiceEventKind } from '../shared/service-event.ts';

const problemsSchema = z.object({
  id: z.string(),
  revision: z.string(),
  /** What people were told of this trigger since it last was well, by kind. */
  problems: z.partialRecord(kindSchema, z.object({ cause: z.string(), toldAt: z.string() })),
  /** The last recovery, with what it ended. */
  recovery: z.optional(z.object({ cause: z.string(), from: z.array(kindSchema) })),
});
type Problems = z.infer<typeof problemsSchema>;

/** A problem that goes on is told again after this long: once a night for a nightly run, not once a minute. */
const REMIND_AFTER_MS = 12 * 3_600_000;

/** After one of these, something is wrong until a firing is well. */
const PROBLEMS: readonly ServiceEventKind[] = [
  'failed',
  'inconclusive',
  'lost',
  'mismatch',
  'rejected',
  'unresolved',
  'expired',
  'missed',
  'paused',
];
/** Told again and again they would only be noise, but nothing has to recover from them. */
const NUISANCES: readonly ServiceEventKind[] = ['skipped', 'budget'];

/** What telling an event means for the people who hear of this trigger. */
export interface Noted {
  /** People were told of the same a short while ago. */
  readonly repeated: boolean;
  /** The kinds of problem that are over by it; empty: none was told. */
  readonly recoveredFrom: readonly ServiceEventKind[];
}

/**
 * Notes an event among the trigger's problems before it is published. `cause` is the firing, or what else it is of; the
 * same cause gets the same answer again, so a crash between noting and publishing loses nothing.
 * @param isWell whether this event shows that the trigger works.
 */
export async function noteNews(
  trigger: string,
  kind: ServiceEventKind,
  cause: string,
  isWell: boolean,
  { ledger, now }: Pick<Core, 'ledger' | 'now'>,
): Promise<Noted> {
  const id = `/${trigger}/problems`;
  for (;;) {
    const read = await ledger.readNote(id, problemsSchema);
    const standing = read ?? { problems: {} };
    const { note, next } = isWell
      ? recover(standing, cause)
      : remember(standing, kind, cause, now());
    if (!next || (await ledger.writeNote(read, { ...next, id }))) return note;
  }
}

type Known = Pick<Problems, 'problems' | 'recovery'>;

function remember(standing: Known, kind: ServiceEventKind, cause: string, now: Date) {
  if (!PROBLEMS.includes(kind) && !NUISANCES.includes(kind)) return { note: news(false) };
  const known = standing.problems[kind];
  if (known?.cause === cause) return { note: news(false) };
  if (known && now.getTime() - new Date(known.toldAt).getTime() < REMIND_AFTER_MS) {
    return { note: news(true) };
  }
  const problems = { ...standing.problems, [kind]: { cause, toldAt: now.toISOString() } };
  return { note: news(false), next: { ...standing, problems } };
}

function recover({ problems, recovery }: Known, cause: string) {
  if (recovery?.cause === cause) return { note: { ...news(false), recoveredFrom: recovery.from } };
  const from = PROBLEMS.filter((kind) => problems[kind]);
  const note = { ...news(false), recoveredFrom: from };
  return from.length === 0 ? { note } : { note, next: { problems: {}, recovery: { cause, from } } };
}

function news(repeated: boolean): Noted {
  return { repeated, recoveredFrom: [] };
}
