import type {
  AttributeValue,
  BatchGetItemInput,
  GetItemInput,
  PutItemInput,
  QueryInput,
} from '@aws-sdk/client-dynamodb';
import type { Trigger } from '../lambda/firing/trigger.ts';
import { openLedger } from '../lambda/ledger/ledger.ts';
import type { DynamoDb } from '../lambda/runtime/aws.ts';
import { INDEXES, mapBytes, pick } from '../test/support/ledger-units.ts';
import { recordNights } from '../test/support/recorded-nights.ts';

type Item = Record<string, AttributeValue>;

/** How many firings of how many triggers. One trigger in ten has one that is open, the newest of all. */
export interface TableSize {
  readonly triggers: number;
  readonly firings: number;
}

/** A table that a DynamoDB client can read, and what was asked of it since the last `take`. */
export interface ListingTable {
  readonly names: readonly string[];
  /** The answer to an operation of DynamoDB's HTTP API, as JSON. */
  answer(operation: string, input: object): string;
  take(): { readonly requests: number; readonly units: number };
}

/** A little less than 35 days: a million are three seconds apart. */
const PERIOD_MS = 3_000_000_000;
const SHARDS = 4;
/** Of a page before it is cut, and of half a read unit (DynamoDB Developer Guide, "Query" and "Read capacity"). */
const PAGE_BYTES = 1_048_576;
const UNIT_BYTES = 4_096;
/** What stands in a model for the values of one firing, with the same length. */
const MODEL = {
  name: 'trigger-0000',
  time: '2026-11-24T01:00:00.000Z',
  second: '2026-11-24T01:00:00Z',
};

/**
 * The ledger's table with firings of the last 35 days, in equal steps, each trigger in its turn. Its items are what the
 * ledger writes; a firing is made from its number when it is asked for, so a million take no memory. Pages, their order
 * and read units are as DynamoDB has them.
 */
export async function listingTable(
  { triggers, firings }: TableSize,
  trigger: Trigger,
  now: Date,
): Promise<ListingTable> {
  const stepMs = PERIOD_MS / firings;
  const begin = Math.floor(now.getTime() / 1000) * 1000 - (firings - 1) * stepMs;
  const firstOpen = firings - Math.ceil(triggers / 10);
  const models = await modelsFor(trigger);
  /** What a sweep notes beside the firings, of which there is one at a time. */
  const memos = new Map<string, Item>();
  let asked = { requests: 0, units: 0 };

  const timeOf = (number: number) => new Date(begin + number * stepMs).toISOString();
  const nameOf = (number: number) => `trigger-${String(number % triggers).padStart(4, '0')}`;
  const modelOf = (number: number) => {
    if (number >= firstOpen) return models.open;
    return number % 7 === 0 ? models.failed : models.passed;
  };
  /** The item with these attributes only. */
  const textOf = (number: number, names: readonly string[]) =>
    modelOf(number)
      .text(names)
      .replaceAll(MODEL.name, nameOf(number))
      .replaceAll(MODEL.time, timeOf(number))
      .replaceAll(MODEL.second, timeOf(number).replace('.000', ''))
      .replaceAll('"Shard"', `"${number % SHARDS}"`);
  const numberOf = (id: string) => {
    const number = (Date.parse(id.slice(id.lastIndexOf('early:') + 6)) - begin) / stepMs;
    const isThere = Number.isInteger(number) && number >= 0 && number < firings;
    return isThere && id.startsWith(`${nameOf(number)}:`) ? number : undefined;
  };

  return {
    names: Array.from({ length: triggers }, (_, number) => nameOf(number)),
    answer(operation, input) {
      asked.requests += 1;
      if (operation === 'Query') return query(input as QueryInput);
      if (operation === 'BatchGetItem') return batchGet(input as BatchGetItemInput);
      if (operation === 'GetItem') return get(input as GetItemInput);
      if (operation === 'PutItem') return put(input as PutItemInput);
      throw new Error(`Not served: ${operation}`);
    },
    take() {
      const taken = asked;
      asked = { requests: 0, units: 0 };
      return taken;
    },
  };

  function get({ Key }: GetItemInput): string {
    const item = memos.get(Key?.id?.S ?? '');
    asked.units += item ? Math.ceil(mapBytes(item) / UNIT_BYTES) : 1;
    return JSON.stringify({ Item: item });
  }

  function put({ Item = {} }: PutItemInput): string {
    const id = Item.id?.S ?? '';
    if (!id.startsWith('/')) throw new Error(`${id} is one of the firings`);
    memos.set(id, Item);
    return '{}';
  }

  function batchGet({ RequestItems = {} }: BatchGetItemInput): string {
    const [[table, request] = ['', undefined]] = Object.entries(RequestItems);
    const { Keys = [], ConsistentRead = false, ExpressionAttributeNames = {} } = request ?? {};
    const names = Object.values(ExpressionAttributeNames);
    const items = Keys.flatMap(({ id }) => {
      const number = numberOf(id?.S ?? '');
      const bytes = number === undefined ? 0 : modelOf(number).bytes();
      asked.units += Math.max(1, Math.ceil(bytes / UNIT_BYTES)) * (ConsistentRead ? 1 : 0.5);
      return number === undefined ? [] : textOf(number, names);
    });
    return `{"Responses":{"${table}":[${items.join()}]},"UnprocessedKeys":{}}`;
  }

  function query({ IndexName, Limit = firings, ...input }: QueryInput): string {
    const values = input.ExpressionAttributeValues ?? {};
    const [first, every] =
      IndexName === 'by-trigger'
        ? [Number(values[':trigger']?.S?.slice(-4)), triggers]
        : [Number(values[':shard']?.S), SHARDS];
    const isOpen = IndexName === 'open';
    const numberAt = (time: string | undefined) => (Date.parse(time ?? '') - begin) / stepMs;
    const from = isOpen ? firstOpen : Math.max(0, numberAt(values[':from']?.S));
    const to = isOpen ? firings - 1 : Math.min(firings - 1, numberAt(values[':to']?.S));
    const lowest = first + every * Math.ceil((from - first) / every);
    const highest = first + every * Math.floor((to - first) / every);
    const step = input.ScanIndexForward === false ? -every : every;
    const after = numberOf(input.ExclusiveStartKey?.id?.S ?? '');
    const start = after === undefined ? (step > 0 ? lowest : highest) : after + step;
    const { keys, others } = INDEXES[IndexName as keyof typeof INDEXES];
    const names = ['id', ...keys, ...others];
    const items: string[] = [];
    let bytes = 0;
    let next = start;
    for (; next >= lowest && next <= highest; next += step) {
      if (items.length === Limit || bytes >= PAGE_BYTES) break;
      items.push(textOf(next, input.ProjectionExpression?.split(', ') ?? names));
      bytes += modelOf(next).bytes(names);
    }
    asked.units += Math.max(1, Math.ceil(bytes / UNIT_BYTES)) * 0.5;
    const isCut = next >= lowest && next <= highest;
    const last = isCut ? `,"LastEvaluatedKey":${textOf(next - step, ['id', ...keys])}` : '';
    return `{"Items":[${items.join()}]${last}}`;
  }
}

/** What the ledger writes of a firing that passed, one that failed, and one whose run goes on. */
async function modelsFor(trigger: Trigger) {
  const passed = await itemOf('P', trigger);
  const { result: _, expiresAt: __, ...going } = passed;
  const due = { openShard: { S: 'Shard' }, nextCheckAt: { S: MODEL.time.replace('2026', '2096') } };
  return {
    passed: model(passed),
    failed: model(await itemOf('F', trigger)),
    open: model({ ...going, ...due, state: { S: 'started' } }),
  };
}

async function itemOf(night: string, trigger: Trigger): Promise<Item> {
  let item: Item | undefined;
  const unused = () => Promise.reject(new Error('Only what is written is wanted'));
  const client: DynamoDb = {
    getItem: unused,
    batchGetItem: unused,
    query: unused,
    async putItem({ Item }) {
      item = Item;
    },
  };
  await recordNights(openLedger(client, 'ledger'), {
    name: MODEL.name,
    trigger,
    nights: night,
    last: new Date(MODEL.time),
    tone: [90],
    reason: 'success rate 40 % is below 95 %',
  });
  if (!item) throw new Error('Nothing was written');
  return { ...item, recentShard: { S: 'Shard' } };
}

/** An item, or some attributes of it: remembered, since each is asked for again and again. */
function model(item: Item) {
  const known = new Map<string, { readonly text: string; readonly bytes: number }>();
  const of = (names: readonly string[] = []) => {
    const key = names.join();
    const found = known.get(key);
    if (found) return found;
    const some = names.length > 0 ? pick(item, names) : item;
    const made = { text: JSON.stringify(some), bytes: mapBytes(some) };
    known.set(key, made);
    return made;
  };
  return {
    text: (names?: readonly string[]) => of(names).text,
    bytes: (names?: readonly string[]) => of(names).bytes,
  };
}
