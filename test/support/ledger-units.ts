import type { AttributeValue } from '@aws-sdk/client-dynamodb';

type Item = Readonly<Record<string, AttributeValue>>;

/** The attributes of each index of the ledger, beside the id (lib/stack/ledger-table.ts). */
export const INDEXES = {
  open: { keys: ['openShard', 'nextCheckAt'], others: ['trigger', 'state', 'recordedAt'] },
  'by-run-test': { keys: ['runTestId', 'sentAt'], others: ['state', 'executionId'] },
  'by-trigger': {
    keys: ['trigger', 'recordedAt'],
    others: ['state', 'cause', 'executionId', 'reason', 'result'],
  },
  recent: { keys: ['recentShard', 'recordedAt'], others: [] },
} as const satisfies Record<string, Index>;

interface Index {
  readonly keys: readonly string[];
  readonly others: readonly string[];
}

/**
 * The write units of a put that replaces `before`, with those of the indexes (DynamoDB Developer Guide, "Global
 * secondary indexes", write capacity): a kB or a part of it is one unit; a changed key of an index costs a deletion and a
 * put, and what is not in an index nothing there.
 */
export function writeUnits(before: Item | undefined, after: Item): number {
  const table = Math.max(units(after), before ? units(before) : 1);
  return Object.values(INDEXES).reduce(
    (sum, index) => sum + indexUnits(index, before, after),
    table,
  );
}

function indexUnits({ keys, others }: Index, before: Item = {}, after: Item) {
  const [was, is] = [before, after].map((item) =>
    keys.every((key) => item[key]) ? pick(item, [...keys, 'id', ...others]) : undefined,
  );
  const isSame = (names: readonly string[]) =>
    was && is && JSON.stringify(pick(was, names)) === JSON.stringify(pick(is, names));
  if (was && is && isSame(keys)) {
    return isSame(others) ? 0 : Math.max(units(was), units(is));
  }
  return (was ? units(was) : 0) + (is ? units(is) : 0);
}

/** The item with these of its attributes only. */
export function pick(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
}

function units(item: Item): number {
  return Math.ceil(mapBytes(item) / 1024);
}

/** The size of an item. */
export function mapBytes(map: Item): number {
  return Object.entries(map).reduce((sum, [name, value]) => sum + bytes(name) + sizeOf(value), 0);
}

/** DynamoDB Developer Guide, "Item sizes and formats". */
function sizeOf({ S, N, L, M }: AttributeValue): number {
  if (S !== undefined) return bytes(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (L) return L.reduce((sum, each) => sum + 1 + sizeOf(each), 3);
  return M ? 3 + Object.keys(M).length + mapBytes(M) : 1;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
