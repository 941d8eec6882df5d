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
  const groups = Map.groupBy(firings, ({ trigger }) => trigger).values();
  const prepared = (
    await Promise.all(groups.map((own) => prepareInTurn(own, context, failed)))
  ).flat();
  const publish = async (untold: readonly Untold[]) =>
    context.publish(together(await keepQuiet(untold, context), context.now()));
  const all = prepared.flatMap(({ untold }) => untold);
  const isPublished = await publish(all).then(
    () => true,
    () => false,
  );
  const published = isPublished
    ? prepared
    : await each(
        prepared,
        ({ firing }) => firing.id,
        failed,
        async (one) => {
          await publish(one.untold);
          return one;
        },
      );
  await each(
    published,
    ({ firing }) => firing.id,
    failed,
    ({ firing }) => closeOutbox(firing, context),
  );
}

/** One trigger's firings, one after the other: each writes the record of the trigger's problems. */
async function prepareInTurn(
  firings: readonly Firing[],
  context: OutboxContext,
  failed: (id: string, error: unknown) => void,
) {
  const prepare = async (firing: Firing) => ({ firing, untold: await untoldOf(firing, context) });
  const prepared: Awaited<ReturnType<typeof prepare>>[] = [];
  for (const firing of firings) {
    prepared.push(...(await each([firing], ({ id }) => id, failed, prepare)));
  }
  return prepared;
}

async function each<From, To>(
  items: readonly From[],
  idOf: (item: From) => string,
  failed: (id: string, error: unknown) => void,
  action: (item: From) => Promise<To>,
): Promise<To[]> {
  const results = await Promise.all(
    items.map(async (item) => {
      try {
        return [await action(item)];
      } catch (error) {
        failed(idOf(item), error);
        return [];
      }
    }),
  );
  return results.flat();
}
