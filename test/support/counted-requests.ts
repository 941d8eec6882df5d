import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
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
export function countRequests(client: DynamoDBClient): { take(): LedgerRequests } {
  const items = new Map<string, Record<string, AttributeValue>>();
  let counts = none();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const Item = 'Item' in args.input ? args.input.Item : undefined;
        const answer = await next(args);
        if (commandName === 'PutItemCommand') counts.puts += 1;
        if (commandName.endsWith('GetItemCommand')) counts.gets += 1;
        if (commandName === 'QueryCommand') counts.queries += 1;
        const id = Item?.id?.S;
        if (!Item || id === undefined) return answer;
        counts.writeUnits += writeUnits(items.get(id), Item);
        items.set(id, Item);
        return answer;
      },
    { step: 'initialize' },
  );
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
