import { createHash, randomUUID } from 'node:crypto';
import type { AttributeValue, KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { causeSchema, type Firing, firingSchema, resultSchema } from '../firing/firing.ts';
import { isState, type State } from '../firing/states.ts';
import { atOnce } from '../runtime/at-once.ts';
import type { DynamoDb } from '../runtime/aws.ts';

/** The DynamoDB table with one item per firing. Every method rejects when the table cannot be reached. */
export interface Ledger {
  /** Creates the item, or returns the one that was there first (`recorded: false`). */
  record(firing: Firing): Promise<{ recorded: boolean; firing: Firing }>;
  /** A strongly consistent read. */
  read(id: string): Promise<Firing | undefined>;
  /**
   * Replaces the item that was read as `from`. Undefined when somebody else wrote in between: a normal event,
   * after which the caller must act on nothing it had read.
   */
  write<T extends Firing>(from: Firing, to: T): Promise<T | undefined>;
  /** The claim on this key that is in force: the given one, unless an earlier one other than `instead` still holds. */
  claim(claim: Claim, now: Date, instead?: Claim): Promise<Claim>;
  /** The claim on a key that is in force: a strongly consistent read. */
  claimed(id: string, now: Date): Promise<Claim | undefined>;
  /** A strongly consistent read of a memo item; undefined when there is none. */
  readItem<T extends MemoItem>(id: string, schema: z.ZodMiniType<T>): Promise<T | undefined>;
  /** The same of these items, a hundred in a request: those that are there, each once, in any order. */
  readItems<T extends MemoItem>(ids: readonly string[], schema: z.ZodMiniType<T>): Promise<T[]>;
  /**
   * Replaces the memo item that was read, or creates it where none was (`read` undefined). False when somebody else
   * wrote in between: a normal event, after which the caller reads again.
   */
  writeItem<T extends MemoItem>(read: T | undefined, item: Omit<T, 'revision'>): Promise<boolean>;
  /** The open firings, as the index `open` tells, the one whose next check is due longest first. */
  open(): AsyncGenerator<OpenFiring>;
  /**
   * A trigger's firings that were recorded in this period, both ends included, newest first, as far as the index
   * `by-trigger` tells; eventually consistent. It reads a few first, and more only as they are taken.
   */
  ofTrigger(trigger: string, from?: Date, to?: Date): AsyncGenerator<ListedFiring>;
  /**
   * The same of every trigger together, by the index `recent`: what is yielded is read from the table itself, which
   * costs half a read unit for each firing of up to 4 KB.
   */
  newest(from?: Date, to?: Date): AsyncGenerator<ListedFiring>;
  /** Ids of the same, which are all that the index has. */
  newestIds(from?: Date, to?: Date): AsyncGenerator<RecordedFiring>;
  /** Firings of a run test whose last POST left in this period; eventually consistent. */
  sentBetween(runTestId: string, from: Date, to: Date): Promise<SentFiring[]>;
}

/** `now` is injected: tests move it, and nothing reads the system's clock. */
export interface LedgerContext {
  readonly ledger: Ledger;
  readonly now: () => Date;
}

/** For items that the ledger deletes some time after their firing is final. */
export interface RetentionContext extends LedgerContext {
  readonly retentionDays: number;
}

const claimSchema = z.object({
  id: z.string(),
  deliveryId: z.string(),
  arrivedAt: z.string(),
  heldUntil: z.string(),
  /** Epoch seconds (DynamoDB TTL). */
  expiresAt: z.number(),
});

/**
 * A delivery's claim on a key: others that come upon the key until `heldUntil` belong to that delivery's firing.
 * Claims share the table with the firings; their ids begin with a slash, and those of firings never do.
 */
export type Claim = z.infer<typeof claimSchema>;

const stateSchema = z.custom<State>(isState, 'not a state');

const sentFiringSchema = z.object({
  id: z.string(),
  state: stateSchema,
  executionId: z.optional(z.string()),
});

/** An item beside the firings, for what the service remembers of a trigger. Its id begins with a slash. */
export interface MemoItem {
  readonly id: string;
  /** Changes with every write. */
  readonly revision: string;
}

const openFiringSchema = z.object({
  id: z.string(),
  trigger: z.string(),
  state: stateSchema,
  nextCheckAt: z.string(),
  recordedAt: z.string(),
});

/** What the index `open` tells of a firing. */
type OpenFiring = z.infer<typeof openFiringSchema>;

const listedFiringSchema = z.object({
  id: z.string(),
  trigger: z.string(),
  state: stateSchema,
  cause: causeSchema,
  recordedAt: z.string(),
  executionId: z.optional(z.string()),
  reason: z.optional(z.string()),
  result: z.optional(resultSchema),
});

/** What the index `by-trigger` tells of a firing. */
export type ListedFiring = z.infer<typeof listedFiringSchema>;

const LISTED_NAMES = Object.keys(listedFiringSchema.shape);
/** Reads what is listed of a firing, eventually consistent as the indexes are. */
const LISTED = {
  ProjectionExpression: LISTED_NAMES.map((name) => `#${name}`).join(),
  ExpressionAttributeNames: Object.fromEntries(LISTED_NAMES.map((name) => [`#${name}`, name])),
};

const recordedFiringSchema = z.object({ id: z.string(), recordedAt: z.string() });

/** What the index `recent` tells of a firing. */
type RecordedFiring = z.infer<typeof recordedFiringSchema>;

/** What the index `by-run-test` tells of a firing. */
type SentFiring = z.infer<typeof sentFiringSchema>;

/** After every firing. */
const LATEST = new Date('9999-12-31T23:59:59.999Z');
/** The condition of a write that replaces what was read. */
const IS_AS_READ = 'revision = :read';
/** Of BatchGetItem (DynamoDB API reference). */
const MOST_KEYS = 100;
/**
 * Who lists firings mostly looks at the newest: at 60 of them at most, and at the time of the next one. The second page
 * is eight times as long, the others are as large as DynamoDB gives them (1 MB).
 */
const FIRST_FIRINGS = 64;
const PAGE_GROWTH = 8;
/** Of all that are read, so many at once: four requests. */
const MOST_AT_ONCE = 400;

/**
 * The partitions of the indexes `open` and `recent`. Each takes 1,000 write units a second (DynamoDB Developer Guide,
 * "Designing partition keys"), and each write of an open firing is two of them in `open`.
 */
const SHARDS = ['0', '1', '2', '3'];

function shardOf(id: string): string | undefined {
  const [byte = 0] = createHash('sha256').update(id).digest();
  return SHARDS[byte % SHARDS.length];
}

/** The item of a firing: both shards and `executionId` are there for the indexes only. */
function indexed(firing: Firing) {
  const shard = shardOf(firing.id);
  return {
    ...firing,
    recentShard: shard,
    ...(firing.nextCheckAt !== undefined && { openShard: shard }),
    ...(firing.execution && { executionId: firing.execution.id }),
  };
}

const revisedSchema = z.object({ revision: z.optional(z.string()) });

function idIn(key: Record<string, AttributeValue>): string {
  return z.parse(z.object({ id: z.string() }), unmarshall(key)).id;
}

function inHundreds<T>(keys: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(keys.length / MOST_KEYS) }, (_, index) =>
    keys.slice(index * MOST_KEYS, (index + 1) * MOST_KEYS),
  );
}

/** Orders by the time of recording, the newest first; those of one moment by their ids. */
export function newestFirst(a: RecordedFiring, b: RecordedFiring): number {
  return b.recordedAt.localeCompare(a.recordedAt) || a.id.localeCompare(b.id);
}

/** A few ids first, then as many as one request reads, then as many as four do. */
async function* inGroups(firings: AsyncIterable<RecordedFiring>): AsyncGenerator<string[]> {
  let group: string[] = [];
  let most = FIRST_FIRINGS;
  for await (const { id } of firings) {
    group.push(id);
    if (group.length < most) continue;
    yield group;
    group = [];
    most = most === FIRST_FIRINGS ? MOST_KEYS : MOST_AT_ONCE;
  }
  yield group;
}

/** Asks nothing yet: a table that is missing shows at the first method. */
export function openLedger(client: DynamoDb, table: string): Ledger {
  return {
    async record(firing) {
      const standing = await put(indexed(firing), 'attribute_not_exists(id)');
      const isRecorded = standing === undefined;
      return { recorded: isRecorded, firing: isRecorded ? firing : firingSchema.parse(standing) };
    },

    read: (id) => readItem(id, firingSchema),

    async write(from, to) {
      const next = { ...to, revision: randomUUID() };
      const standing = await put(indexed(next), IS_AS_READ, { ':read': { S: from.revision } });
      return standing === undefined ? next : undefined;
    },

    async claim(claim, now, instead = claim) {
      const free = 'attribute_not_exists(id) OR heldUntil <= :now OR deliveryId = :instead';
      const standing = await put(claim, free, {
        ':instead': { S: instead.deliveryId },
        ':now': { S: now.toISOString() },
      });
      return standing === undefined ? claim : claimSchema.parse(standing);
    },

    async claimed(id, now) {
      const claim = await readItem(id, claimSchema);
      return claim && new Date(claim.heldUntil) > now ? claim : undefined;
    },

    readItem,

    async readItems(ids, schema) {
      return (await getAll(ids, { ConsistentRead: true })).map((item) => schema.parse(item));
    },

    async writeItem(read, item) {
      const next = { ...item, revision: randomUUID() };
      const standing = read
        ? await put(next, IS_AS_READ, { ':read': { S: read.revision } })
        : await put(next, 'attribute_not_exists(id)');
      return standing === undefined;
    },

    async *open() {
      const shards = await Promise.all(
        SHARDS.map((shard) => {
          const pages = query({ index: 'open', key: ['openShard', shard] });
          return Array.fromAsync(pages, (item) => openFiringSchema.parse(item));
        }),
      );
      yield* shards.flat().toSorted((a, b) => (a.nextCheckAt < b.nextCheckAt ? -1 : 1));
    },

    async *ofTrigger(trigger, from = new Date(0), to = LATEST) {
      const pages = query({
        index: 'by-trigger',
        key: ['trigger', trigger],
        period: { of: 'recordedAt', from, to },
        newestFirst: true,
        firstPage: FIRST_FIRINGS,
      });
      for await (const item of pages) yield listedFiringSchema.parse(item);
    },

    newestIds,

    async *newest(from, to) {
      for await (const ids of inGroups(newestIds(from, to))) {
        const items = await getAll(ids, LISTED);
        yield* items.map((item) => listedFiringSchema.parse(item)).toSorted(newestFirst);
      }
    },

    async sentBetween(runTestId, from, to) {
      const pages = query({
        index: 'by-run-test',
        key: ['runTestId', runTestId],
        period: { of: 'sentAt', from, to },
      });
      return Array.fromAsync(pages, (item) => sentFiringSchema.parse(item));
    },
  };

  /** Reads a hundred in a request, some requests at once: what is there, each once, in any order. */
  async function getAll(ids: readonly string[], how: Omit<KeysAndAttributes, 'Keys'>) {
    // A request that has a key twice is refused.
    const keys = [...new Set(ids)].map((id) => ({ id: { S: id } }));
    const found = await atOnce(inHundreds(keys), async (Keys) => {
      const { Responses, UnprocessedKeys } = await client.batchGetItem({
        RequestItems: { [table]: { Keys, ...how } },
      });
      const items: unknown[] = (Responses?.[table] ?? []).map((item) => unmarshall(item));
      // What it had no capacity for at this moment: a read alone is repeated.
      for (const key of UnprocessedKeys?.[table]?.Keys ?? []) items.push(await get(idIn(key)));
      return items;
    });
    return found.flat().filter((item) => item !== undefined);
  }

  async function* newestIds(from = new Date(0), to = LATEST): AsyncGenerator<RecordedFiring> {
    const lists = SHARDS.map((shard) =>
      query({
        index: 'recent',
        key: ['recentShard', shard],
        period: { of: 'recordedAt', from, to },
        only: 'id, recordedAt',
        newestFirst: true,
        firstPage: FIRST_FIRINGS,
      }),
    );
    const next = async (list: (typeof lists)[number] | undefined) => {
      const { value } = (await list?.next()) ?? {};
      return value ? [{ list, firing: recordedFiringSchema.parse(value) }] : [];
    };
    let heads = (await Promise.all(lists.map(next))).flat();
    for (;;) {
      const [first, ...others] = heads.toSorted((a, b) => newestFirst(a.firing, b.firing));
      if (!first) return;
      yield first.firing;
      heads = [...others, ...(await next(first.list))];
    }
  }

  /**
   * Undefined when the item was written, else what stands in its place. A client repeats a put whose answer was lost, and
   * the repetition fails its own condition: the revision tells that the item is ours.
   */
  async function put(
    item: { readonly id: string; readonly revision?: string },
    condition: string,
    values?: Record<string, AttributeValue>,
  ): Promise<unknown> {
    try {
      await client.putItem({
        TableName: table,
        Item: marshall(item, { removeUndefinedValues: true }),
        ConditionExpression: condition,
        ExpressionAttributeValues: values,
      });
      return undefined;
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      const standing = await get(item.id);
      if (!standing)
        throw new Error(`Ledger item ${item.id} vanished while it was written`, { cause: error });
      const { revision } = revisedSchema.parse(standing);
      return revision !== undefined && revision === item.revision ? undefined : standing;
    }
  }

  async function readItem<T>(id: string, schema: z.ZodMiniType<T>): Promise<T | undefined> {
    const item = await get(id);
    return item === undefined ? undefined : schema.parse(item);
  }

  async function get(id: string): Promise<unknown> {
    const key = { TableName: table, Key: { id: { S: id } } };
    const { Item } = await client.getItem({ ...key, ConsistentRead: true });
    return Item && unmarshall(Item);
  }

  interface IndexQuery {
    index: string;
    /** The attribute that the index is divided by, and its value. */
    key: readonly [name: string, value: string];
    /** Of the attribute that orders the index; both ends are included. */
    period?: { readonly of: string; readonly from: Date; readonly to: Date };
    /** Absent: what the index has. */
    only?: string;
    newestFirst?: boolean;
    firstPage?: number;
  }

  async function* query({ index, key, period, only, newestFirst = false, firstPage }: IndexQuery) {
    const [name, value] = key;
    const limits = firstPage === undefined ? [] : [firstPage, firstPage * PAGE_GROWTH];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.query({
        TableName: table,
        IndexName: index,
        KeyConditionExpression: `#key = :key${period ? ' AND #time BETWEEN :from AND :to' : ''}`,
        ExpressionAttributeNames: { '#key': name, ...(period && { '#time': period.of }) },
        ExpressionAttributeValues: {
          ':key': { S: value },
          ...(period && {
            ':from': { S: period.from.toISOString() },
            ':to': { S: period.to.toISOString() },
          }),
        },
        ProjectionExpression: only,
        ScanIndexForward: !newestFirst,
        Limit: limits.shift(),
        ExclusiveStartKey: start,
      });
      for (const item of page.Items ?? []) yield unmarshall(item);
      start = page.LastEvaluatedKey;
    } while (start);
  }
}

function isConditionFailed(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}
