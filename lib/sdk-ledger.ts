import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { type Ledger, openLedger } from '../lambda/ledger/ledger.ts';

/** The ledger in this table, over the SDK's client, which finds a person's credentials. */
export function openLedgerOf(client: DynamoDBClient, table: string): Ledger {
  return openLedger(
    {
      getItem: (input) => client.send(new GetItemCommand(input)),
      batchGetItem: (input) => client.send(new BatchGetItemCommand(input)),
      putItem: (input) => client.send(new PutItemCommand(input)),
      query: (input) => client.send(new QueryCommand(input)),
    },
    table,
  );
}
