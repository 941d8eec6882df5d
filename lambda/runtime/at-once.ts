/** As many as one server can bear. */
const CONCURRENCY = 16;

/** Acts on all of these, a few at once; what came of each, in their order. Rejects when an action does. */
export async function atOnce<T, R>(
  items: readonly T[],
  action: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await action(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}
