import * as z from 'zod/mini';
import type { Ledger } from '../ledger/ledger.ts';
import { type RecordKind, readRecord, readRecords } from './decide-on.ts';

const slotSchema = z.object({
  firing: z.string(),
  /** What it is counted as; the date is in the budgets' time zone. */
  cost: z.optional(z.object({ date: z.string(), scenarios: z.number() })),
  /** Present on the firing that made a budget nearly spent. */
  warning: z.optional(z.string()),
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
  /** The firings that are counted and may still turn out not to have started. */
  slots: z.array(slotSchema),
  spent: z.object({ day: z.optional(tallySchema), month: z.optional(tallySchema) }),
  pause: z.optional(pauseSchema),
  resumed: z.optional(z.object({ at: z.string(), by: z.string(), reason: z.string() })),
  /** Since the last start, oldest first. */
  rejections: z.array(z.object({ firing: z.string(), at: z.string() })),
  /** The trigger's new name, which had a copy of all this. */
  carriedTo: z.optional(z.string()),
});

/**
 * What a trigger's budget has spent, its pause and its rejections. One item of the ledger, so that all of it is decided
 * in one conditional write; it outlives deployments.
 */
export type AdmissionRecord = z.infer<typeof admissionSchema>;
/** A firing that a budget has counted. */
export type BudgetSlot = z.infer<typeof slotSchema>;
/** The records with the pauses and budgets of a firing: its trigger's own, and the one of all triggers. */
export interface AdmissionRecords {
  readonly own: AdmissionRecord;
  readonly shared: AdmissionRecord;
}
/** With an end, it is over by itself: nobody has to resume. */
export type Pause = z.infer<typeof pauseSchema>;

/** The id of the record of all triggers together. */
export const SHARED_ADMISSION = '/admission';

/** No firing's id begins with a slash. */
export function admissionId(trigger: string): string {
  return `/${trigger}/admission`;
}

/** Of a trigger's own record or, without one, of the record of all triggers. */
export function recordIdOf(trigger: string | undefined): string {
  return trigger === undefined ? SHARED_ADMISSION : admissionId(trigger);
}

/** A record that was never written admits everything. */
export const ADMISSION: RecordKind<AdmissionRecord> = {
  schema: admissionSchema,
  empty: (id, revision) => ({ id, revision, slots: [], spent: {}, rejections: [] }),
};

/** The record as it stands: a strongly consistent read. */
export function readAdmissionRecord(id: string, ledger: Pick<Ledger, 'readItem'>) {
  return readRecord(id, ADMISSION, ledger);
}

/** A trigger's own record and the one of all triggers, as they stand: one strongly consistent read. */
export async function readAdmissionRecords(
  { trigger }: { readonly trigger: string },
  { ledger }: { readonly ledger: Pick<Ledger, 'readItems'> },
): Promise<AdmissionRecords> {
  const recordOf = await readRecordsOf([trigger], ledger);
  return { own: recordOf(trigger), shared: recordOf(undefined) };
}

/** Of these triggers, and without a name of all triggers together: a hundred in a strongly consistent read. */
export async function readRecordsOf(
  triggers: readonly string[],
  ledger: Pick<Ledger, 'readItems'>,
): Promise<(trigger: string | undefined) => AdmissionRecord> {
  const record = await readRecords([undefined, ...triggers].map(recordIdOf), ledger);
  return (trigger) => record(recordIdOf(trigger), ADMISSION);
}
