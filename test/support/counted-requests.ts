import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDb } from '../../lambda/runtime/aws.ts';
import { writeUnits } from './ledger-units.ts';

/** What was asked of the ledger's table since the last `take`. */
interface LedgerRequests {
  puts: number;
  /** A batch is one. */
  gets: number;
  queries: number;
  /** With those of the indexes. */
  writeUnits: number;
}

/** Counts the requests of this client from now on. */
export function countRequests(client: DynamoDb): { take(): LedgerRequests } {
  const items = new Map<string, Record<string, AttributeValue>>();
  let counts = none();
  const { getItem, batchGetItem, putItem, query } = client;
  const counted =
    <I, O>(kind: 'puts' | 'gets' | 'queries', ask: (input: I) => Promise<O>) =>
    async (input: I) => {
      const answer = await ask(input);
      counts[kind] += 1;
      return answer;
    };
  const put = counted('puts', putItem);
  Object.assign(client, {
    getItem: counted('gets', getItem),
    batchGetItem: counted('gets', batchGetItem),
    query: counted('queries', query),
    async putItem(input) {
      await put(input);
      const { Item = {} } = input;
      const id = Item.id?.S ?? '';
      counts.writeUnits += writeUnits(items.get(id), Item);
      items.set(id, Item);
    },
  } satisfies DynamoDb);
  return {
    take() {
      const taken = counts;
      counts = none();
      return taken;
    },
  };
}

function none(): LedgerRequests {
  return { puts: 0, gets: 0, queries: 0, writeUnits: 0 };
}
