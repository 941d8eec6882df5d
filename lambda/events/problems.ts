import * as z from 'zod/mini';
import { kindSchema, type ServiceEventKind } from '../firing/service-event.ts';
import type { LedgerContext } from '../ledger/ledger.ts';

const problemsSchema = z.object({
  id: z.string(),
  revision: z.string(),
  /** What people were told of this trigger since it last was well, by kind. */
  problems: z.partialRecord(
    kindSchema,
    z.object({ cause: z.string(), toldAt: z.string(), beganAt: z.optional(z.string()) }),
  ),
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

/** An event that is to be told. */
export interface News {
  readonly kind: ServiceEventKind;
  /** The firing, or what else it is of. */
  readonly cause: string;
  /** When the firing was sent, or whatever else it is of was due: what is well ends only the problems before it. */
  readonly beganAt: string;
  /** Whether it shows that the trigger works. */
  readonly isWell: boolean;
}

/** Each needs a person's own decision: to look that very execution up, or to resume what was resumed before. */
const ALWAYS_NEW: readonly ServiceEventKind[] = ['unresolved', 'lost', 'paused'];

/** What telling an event means for the people who hear of this trigger. */
export interface Noted {
  /** People were told of the same a short while ago. */
  readonly repeated: boolean;
  /** The kinds of problem that are over by it; empty: none was told. */
  readonly recoveredFrom: readonly ServiceEventKind[];
}

/**
 * Notes an event among the trigger's problems before it is published. The same cause gets the same answer again, so a
 * crash between noting and publishing loses nothing.
 */
export async function noteNews(
  trigger: string,
  news: News,
  { ledger, now }: LedgerContext,
): Promise<Noted> {
  const id = `/${trigger}/problems`;
  for (;;) {
    const read = await ledger.readItem(id, problemsSchema);
    const standing = read ?? { problems: {} };
    const { note, next } = news.isWell ? recover(standing, news) : remember(standing, news, now());
    if (!next || (await ledger.writeItem(read, { ...next, id }))) return note;
  }
}

type Known = Pick<Problems, 'problems' | 'recovery'>;

function remember(standing: Known, { kind, cause, beganAt }: News, now: Date) {
  if (!PROBLEMS.includes(kind) && !NUISANCES.includes(kind)) return { note: noted(false) };
  const known = standing.problems[kind];
  if (known?.cause === cause) return { note: noted(false) };
  const isRecent = known && now.getTime() - new Date(known.toldAt).getTime() < REMIND_AFTER_MS;
  if (isRecent && !ALWAYS_NEW.includes(kind)) return { note: noted(true) };
  const problem = { cause, toldAt: now.toISOString(), beganAt };
  const problems = { ...standing.problems, [kind]: problem };
  return { note: noted(false), next: { ...standing, problems } };
}

function recover({ problems, recovery }: Known, { cause, beganAt }: News) {
  if (recovery?.cause === cause) return { note: { ...noted(false), recoveredFrom: recovery.from } };
  const isLater = (kind: ServiceEventKind) => (problems[kind]?.beganAt ?? '') > beganAt;
  const from = PROBLEMS.filter((kind) => problems[kind] && !isLater(kind));
  const note = { ...noted(false), recoveredFrom: from };
  if (from.length === 0) return { note };
  const rest = PROBLEMS.filter(isLater).map((kind) => [kind, problems[kind]]);
  return { note, next: { problems: Object.fromEntries(rest), recovery: { cause, from } } };
}

function noted(repeated: boolean): Noted {
  return { repeated, recoveredFrom: [] };
}
