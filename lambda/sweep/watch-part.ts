import { createHash } from 'node:crypto';
import type { Trigger } from '../firing/trigger.ts';

/** So many items hold what is watched: with 10,000 schedules each has about 10 kB. It never changes: a trigger keeps its part. */
const PARTS = 256;

/** The triggers that are watched in one item of the ledger. */
export interface WatchPart {
  readonly triggers: Readonly<Record<string, Trigger>>;
  /** Changes with their schedules. */
  readonly fingerprint: string;
}

const known = new WeakMap<object, ReadonlyMap<string, WatchPart>>();

/** All triggers by part. Remembered for a configuration, so that an idle sweep looks at no schedule. */
export function partsOf(
  triggers: Readonly<Record<string, Trigger>>,
): ReadonlyMap<string, WatchPart> {
  const found = known.get(triggers) ?? divided(triggers);
  known.set(triggers, found);
  return found;
}

/** The part of a trigger. */
export function partOf(trigger: string): string {
  const [byte = 0] = createHash('sha256').update(trigger).digest();
  return String(byte % PARTS);
}

/** Of anything that is JSON. */
export function fingerprintOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}

function divided(triggers: Readonly<Record<string, Trigger>>): ReadonlyMap<string, WatchPart> {
  const groups = Map.groupBy(Object.entries(triggers), ([name]) => partOf(name));
  return new Map(
    [...groups].map(([part, entries]) => {
      const watched = entries.map(([name, { schedules }]) => [name, schedules]);
      return [
        part,
        { triggers: Object.fromEntries(entries), fingerprint: fingerprintOf(watched) },
      ] as const;
    }),
  );
}
