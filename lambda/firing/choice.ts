import * as z from 'zod/mini';
import { isEmptySelection, MAX_SCENARIO_IDS, uuidSchema } from './selection.ts';
import type { ExecuteRequest } from './trigger.ts';

/** What a delivery, or a person, may choose for one firing instead of what its trigger says. */
export const choiceSchema = z.object({
  selectAll: z.optional(z.boolean()),
  scenarioIds: z.optional(z.array(uuidSchema).check(z.maxLength(MAX_SCENARIO_IDS))),
  simulatorId: z.optional(uuidSchema),
});

/** A choice that was read; scenarios stand instead of the trigger's own, whether those are ids or names. */
export interface Choice extends z.infer<typeof choiceSchema> {
  readonly scenarios?: string[] | undefined;
}

/** The trigger's request with the choice in it; a text when the API would run every scenario instead. */
export function chosen(execute: ExecuteRequest, choice: Choice): ExecuteRequest | string {
  const { selectAll, scenarioIds, scenarios, simulatorId } = choice;
  const isOwn = scenarioIds === undefined && scenarios === undefined;
  const request = {
    ...execute,
    ...(selectAll !== undefined && { selectAll }),
    ...(!isOwn && { scenarioIds: scenarioIds ?? [], scenarios }),
    ...(simulatorId !== undefined && { simulatorId }),
  };
  return isEmptySelection(request)
    ? 'scenarioIds is empty with selectAll: false, which would run every scenario'
    : request;
}
