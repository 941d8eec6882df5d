import * as z from 'zod/mini';
import { advance } from '../advance.ts';
import { isFollowed } from '../firing/states.ts';
import type { StartContext } from '../start/start.ts';

/** A firing that another function has recorded, and its revision then. */
const handedOverSchema = z.strictObject({ firing: z.string(), revision: z.string() });

/**
 * Sends a firing that another function has recorded, or reads its execution. Does nothing when the firing has changed
 * since: an event that comes late or twice must not send one that waits for a reason. Throws when the ledger has no
 * such firing.
 * @param until when the function is killed.
 */
export async function startRecorded(
  event: unknown,
  context: StartContext,
  until: Date,
): Promise<void> {
  const { firing: id, revision } = handedOverSchema.parse(event);
  const firing = await context.ledger.read(id);
  if (!firing) throw new Error(`The ledger has no firing ${id}`);
  if (firing.revision !== revision) return;
  if (!isFollowed(firing)) return void (await advance(firing, context, until));
  const { followAndNote } = await import('../follow/follow.ts');
  await followAndNote(firing, context, until);
}
