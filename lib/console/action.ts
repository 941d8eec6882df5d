import * as z from 'zod';

const reason = z.string().trim().min(1, 'Say why: the reason stays in the ledger').max(500);
const requestId = z.string().regex(/^console-[0-9a-f-]{36}$/);
const trigger = z.string();

/** What a person does in the console, as the page sends it. The same `requestId` fires once. */
export const actionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('dry-run'), trigger }),
  z.strictObject({ action: z.literal('fire'), trigger, requestId }),
  /** Without a trigger: all of them. */
  z.strictObject({ action: z.enum(['pause', 'resume']), trigger: trigger.optional(), reason }),
  z.strictObject({ action: z.literal('deliver'), trigger, requestId, body: z.string() }),
  z.strictObject({ action: z.literal('event'), bus: z.string(), event: z.string() }),
  z.strictObject({ action: z.literal('cancel'), firing: z.string(), reason }),
  z.strictObject({ action: z.literal('retry'), firing: z.string(), requestId, reason }),
]);
/** Comes from a browser, so only `actionSchema` makes one. */
export type Action = z.infer<typeof actionSchema>;
