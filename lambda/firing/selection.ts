import * as z from 'zod/mini';

/** As Future AGI writes ids; its servers answer 404 to one with capitals, so they are lowered where they are read. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An id of Future AGI, lowered. */
export const uuidSchema = z.string().check(z.regex(UUID), z.toLowerCase());

/** An execution's id, as a path segment that can be no other path: a UUID on every server that is known. */
export const executionIdSchema = z.string().check(z.regex(/^[\w-]{1,128}$/));

/** As many ids as a person can review. */
export const MAX_SCENARIO_IDS = 100;

/** Whether it names no scenario, by which the API would run them all although `selectAll` is false. */
export function isEmptySelection(selection: {
  readonly selectAll: boolean;
  readonly scenarioIds: readonly string[];
  readonly scenarios?: readonly string[] | undefined;
}): boolean {
  const { selectAll, scenarioIds, scenarios } = selection;
  return !selectAll && scenarioIds.length === 0 && !scenarios?.length;
}

/** A UUID in lower case; any other id as it is. */
export function lowerUuid(id: string): string {
  return UUID.test(id) ? id.toLowerCase() : id;
}
