import { closeOutbox, type OutboxContext, untoldOf } from '../events/outbox.ts';
import { keepQuiet } from '../events/quiet-hours.ts';
import { together, type Untold } from '../events/together.ts';
import type { Firing } from '../firing/firing.ts';

/**
 * Publishes the events of these firings, those of one cause together, and closes those that are final. Each is
 * published at least once: an outbox is emptied after that. Where the bus does not take all of them, each firing's are
 * published by themselves. Never rejects.
 * @param failed is told of each firing whose events stay in its outbox for the next sweep.
 */
export async function publishAll(
  firings: readonly Firing[],
  context: OutboxContext,
  failed: (id: string, error: unknown) => void,
): Promise<void> {
  const attempt = async <T>(firing: Firing, action: () => Promise<T>): Promise<T[]> => {
    try {
      return [await action()];
    } catch (error) {
      failed(firing.id, error);
      return [];
    }
  };
  const prepare = async (firing: Firing) => ({ firing, untold: await untoldOf(firing, context) });
  /** One trigger's firings, one after the other: each writes the record of the trigger's problems. */
  const prepareInTurn = async (own: readonly Firing[]) => {
    const prepared: Awaited<ReturnType<typeof prepare>>[] = [];
    for (const firing of own) prepared.push(...(await attempt(firing, () => prepare(firing))));
    return prepared;
  };
  const publish = async (untold: readonly Untold[]) =>
    context.publish(together(await keepQuiet(untold, context), context.now()));

  const groups = Map.groupBy(firings, ({ trigger }) => trigger).values();
  const prepared = (await Promise.all(groups.map(prepareInTurn))).flat();
  const isPublished = await publish(prepared.flatMap(({ untold }) => untold)).then(
    () => true,
    () => false,
  );
  await Promise.all(
    prepared.map(({ firing, untold }) =>
      attempt(firing, async () => {
        if (!isPublished) await publish(untold);
        await closeOutbox(firing, context);
      }),
    ),
  );
}
