import { setTimeout } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { Ledger, MemoItem } from '../ledger/ledger.ts';

/** How records of one kind are read, and what they are before they are first written. */
export interface RecordKind<R extends MemoItem> {
  readonly schema: z.ZodMiniType<R>;
  readonly empty: (id: string, revision: string) => R;
}

const NEVER_WRITTEN = '';

/** The record as it stands: a strongly consistent read. */
export async function readRecord<R extends MemoItem>(
  id: string,
  { schema, empty }: RecordKind<R>,
  ledger: Pick<Ledger, 'readItem'>,
): Promise<R> {
  return (await ledger.readItem(id, schema)) ?? empty(id, NEVER_WRITTEN);
}

const anyKind = z.looseObject({ id: z.string(), revision: z.string() });

/** Records of any kind, a hundred in a strongly consistent read; what it resolves to gives each as it stood. */
export async function readRecords(ids: readonly string[], ledger: Pick<Ledger, 'readItems'>) {
  const found = await ledger.readItems(ids, anyKind);
  const byId = new Map(found.map((record) => [record.id, record]));
  return <R extends MemoItem>(id: string, { schema, empty }: RecordKind<R>): R => {
    const record = byId.get(id);
    return record ? schema.parse(record) : empty(id, NEVER_WRITTEN);
  };
}

/** What is decided on a record. Without `next` it stays as it is, unwritten. */
export interface Decision<R, T> {
  readonly next?: R;
  readonly result: T;
}

/** With the pauses below, enough for every function that can run at once. */
const MOST_TRIES = 14;
const FIRST_PAUSE_MS = 10;
const MOST_PAUSE_MS = 500;

/**
 * Decides on the record as it stands, again whenever somebody else wrote in between, so that each decision is made on
 * what it changes. Undefined, with nothing changed, when others wrote each time.
 * @param read the record, where the caller has read it already.
 */
export async function decideOn<R extends MemoItem, T extends object>(
  id: string,
  kind: RecordKind<R>,
  decide: (record: R) => Decision<R, T> | Promise<Decision<R, T>>,
  ledger: Pick<Ledger, 'readItem' | 'writeItem'>,
  read?: R,
): Promise<T | undefined> {
  let record = read ?? (await readRecord(id, kind, ledger));
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const { next, result } = await decide(record);
    const standing = record.revision === NEVER_WRITTEN ? undefined : record;
    if (!next || (await ledger.writeItem(standing, next))) return result;
    await setTimeout(Math.random() * Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
    record = await readRecord(id, kind, ledger);
  }
  return undefined;
}
