import { setTimeout } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { Ledger } from '../ledger/ledger.ts';

const slotSchema = z.object({
  firing: z.string(),
  /** What it is counted as, where there is a budget; the date is in the budgets' time zone. */
  cost: z.optional(z.object({ date: z.string(), scenarios: z.number() })),
  /** Present on the firing that made a budget nearly spent. */
  warning: z.optional(z.string()),
  /** The firing for which its execution was asked, once, to be cancelled. */
  cancelledFor: z.optional(z.string()),
});

const tallySchema = z.object({
  /** `2026-11-24` or `2026-11`. */
  period: z.string(),
  runs: z.number(),
  scenarios: z.number(),
  warned: z.boolean(),
});

const pauseSchema = z.object({
  at: z.string(),
  by: z.string(),
  reason: z.string(),
  /** Absent: until a person resumes. */
  until: z.optional(z.string()),
  /** Present when the service paused by itself: the firing whose rejection was one too many. */
  firing: z.optional(z.string()),
});

const admissionSchema = z.object({
  id: z.string(),
  revision: z.string(),
  /** The firings that may start, or have started and are not known to be over. */
  slots: z.array(slotSchema),
  /** The firing that starts when the slots are over. */
  waiting: z.optional(z.object({ firing: z.string(), recordedAt: z.string() })),
  spent: z.object({ day: z.optional(tallySchema), month: z.optional(tallySchema) }),
  pause: z.optional(pauseSchema),
  resumed: z.optional(z.object({ at: z.string(), by: z.string(), reason: z.string() })),
  /** Since the last start, oldest first. */
  rejections: z.array(z.object({ firing: z.string(), at: z.string() })),
});

/**
 * What decides whether a trigger's firings may start: its slots, what its budget has spent, and its pause. One item of
 * the ledger, so that all of it is decided in one conditional write; it outlives deployments.
 */
export type AdmissionRecord = z.infer<typeof admissionSchema>;
/** A firing that was admitted. */
export type Slot = z.infer<typeof slotSchema>;
/** Why nothing starts. */
export type Pause = z.infer<typeof pauseSchema>;

/** The id of the record of all triggers together. */
export const SHARED_ADMISSION = '/admission';

/** The id of a trigger's own record. */
export function admissionId(trigger: string): string {
  return `/${trigger}/admission`;
}

/** The record as it stands: a strongly consistent read. */
export async function readAdmissionRecord(
  id: string,
  ledger: Pick<Ledger, 'readItem'>,
): Promise<AdmissionRecord> {
  const record = await ledger.readItem(id, admissionSchema);
  return record ?? { id, revision: NEVER_WRITTEN, slots: [], spent: {}, rejections: [] };
}

const NEVER_WRITTEN = '';

/** What is decided on a record. Without `next` it stays as it is. */
export interface Decision<T> {
  readonly next?: AdmissionRecord;
  readonly result: T;
}

/** With the pauses below, enough for every function that can run at once. */
const MOST_TRIES = 14;
const FIRST_PAUSE_MS = 10;
const MOST_PAUSE_MS = 500;

/**
 * Decides on the record as it stands, again whenever somebody else wrote in between, so that each decision is made on
 * what it changes. Undefined, with nothing changed, when others wrote each time.
 * @param read the record, where the caller has just read it.
 */
export async function decideAt<T extends object>(
  id: string,
  decide: (record: AdmissionRecord) => Decision<T> | Promise<Decision<T>>,
  ledger: Pick<Ledger, 'readItem' | 'writeItem'>,
  read?: AdmissionRecord,
): Promise<T | undefined> {
  let record = read ?? (await readAdmissionRecord(id, ledger));
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const { next, result } = await decide(record);
    const standing = record.revision === NEVER_WRITTEN ? undefined : record;
    if (!next || (await ledger.writeItem(standing, next))) return result;
    await setTimeout(Math.random() * Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
    record = await readAdmissionRecord(id, ledger);
  }
  return undefined;
}
