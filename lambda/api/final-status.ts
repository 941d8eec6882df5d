/** In these nothing changes any more. An unknown word counts as not final. */
export const FINAL_STATUSES = ['completed', 'failed', 'cancelled'] as const;

/** Whether an execution of this status, in lower case, is over. */
export function isFinalStatus(status: string): boolean {
  return FINAL_STATUSES.some((final) => final === status);
}
