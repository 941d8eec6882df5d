import { randomUUID } from 'node:crypto';
import type { Firing } from '../lambda/firing/firing.ts';
import { type Claim, type Ledger, newestFirst } from '../lambda/ledger/ledger.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * The ledger as maps, with the conditions of the real one: a tenth of the work of a DynamoDB-compatible server. Each
 * request takes this long in simulated time.
 */
export function ledgerInMemory(time: VirtualTime, requestMs: number): Ledger {
  const firings = new Map<string, Firing>();
  const claims = new Map<string, Claim>();
  const items = new Map<string, { readonly revision: string }>();
  const request = () => time.sleep(requestMs);
  const newest = (from = new Date(0), to = time.now()) =>
    [...firings.values()]
      .filter(({ recordedAt }) => new Date(recordedAt) >= from && new Date(recordedAt) <= to)
      .toSorted(newestFirst);
  return {
    async record(firing) {
      await request();
      const existing = firings.get(firing.id);
      if (existing) return { recorded: false, firing: existing };
      firings.set(firing.id, firing);
      return { recorded: true, firing };
    },
    async read(id) {
      await request();
      return firings.get(id);
    },
    async write(from, to) {
      await request();
      if (firings.get(from.id)?.revision !== from.revision) return undefined;
      const next = { ...to, revision: randomUUID() };
      firings.set(from.id, next);
      return next;
    },
    async claim(claim, now, instead = claim) {
      await request();
      const standing = claims.get(claim.id);
      const isFree =
        !standing ||
        new Date(standing.heldUntil) <= now ||
        standing.deliveryId === instead.deliveryId;
      if (isFree) claims.set(claim.id, claim);
      return isFree ? claim : standing;
    },
    async claimed(id, now) {
      await request();
      const claim = claims.get(id);
      return claim && new Date(claim.heldUntil) > now ? claim : undefined;
    },
    async readItem(id, schema) {
      await request();
      const item = items.get(id);
      return item && schema.parse(item);
    },
    async readItems(ids, schema) {
      await request();
      return ids.flatMap((id) => {
        const item = firings.get(id) ?? items.get(id);
        return item ? schema.parse(item) : [];
      });
    },
    async writeItem(read, item) {
      await request();
      if (items.get(item.id)?.revision !== read?.revision) return false;
      items.set(item.id, { ...item, revision: randomUUID() });
      return true;
    },
    async *open() {
      await request();
      const open = [...firings.values()].flatMap((firing) =>
        firing.nextCheckAt === undefined ? [] : { ...firing, nextCheckAt: firing.nextCheckAt },
      );
      yield* open.toSorted((a, b) => (a.nextCheckAt < b.nextCheckAt ? -1 : 1));
    },
    async *ofTrigger(trigger, from, to) {
      await request();
      yield* newest(from, to).filter((firing) => firing.trigger === trigger);
    },
    async *newest(from, to) {
      await request();
      yield* newest(from, to);
    },
    async *newestIds(from, to) {
      await request();
      yield* newest(from, to);
    },
    async sentBetween(runTestId, from, to) {
      await request();
      return [...firings.values()].filter(({ sentAt, ...firing }) => {
        const sent = sentAt === undefined ? undefined : new Date(sentAt);
        return firing.runTestId === runTestId && sent && sent >= from && sent <= to;
      });
    },
  };
}
