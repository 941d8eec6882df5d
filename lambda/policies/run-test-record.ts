import * as z from 'zod/mini';
import type { RecordKind } from './decide-on.ts';

const runTestSchema = z.object({
  id: z.string(),
  revision: z.string(),
  /** The firings that may start, or have started and are not known to be over. */
  slots: z.array(
    z.object({
      firing: z.string(),
      /** The firing for which its execution was asked, once, to be cancelled. */
      cancelledFor: z.optional(z.string()),
    }),
  ),
  /** Of each trigger, the firing that starts when the slots are over. */
  waiting: z.array(z.object({ firing: z.string(), trigger: z.string() })),
  /** The newest execution, where the list does not tell since when it runs: when it was first seen. */
  undated: z.optional(z.object({ execution: z.string(), since: z.string() })),
});

/**
 * Which firings run a run test, of all triggers whose starts may not overlap. One item of the ledger for each run test,
 * so that of two triggers that are due at once only one starts.
 */
export type RunTestRecord = z.infer<typeof runTestSchema>;

/** A record that was never written has no slot taken. */
export const RUN_TEST: RecordKind<RunTestRecord> = {
  schema: runTestSchema,
  empty: (id, revision) => ({ id, revision, slots: [], waiting: [] }),
};

/** The id of a run test's record. */
export function runTestRecordId(runTestId: string): string {
  return `/run-test/${runTestId}/admission`;
}
