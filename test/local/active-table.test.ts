import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { expect, onTestFinished, test } from 'vitest';
import { createActiveTable } from '../../lib/local/active-table.ts';
import { listenOnLoopback } from '../../lib/local/http-server.ts';
import { startLedgerServer } from '../../lib/local/ledger-server.ts';
import { temporaryDirectory } from './hand-written-stack.ts';

const TABLE: CreateTableCommandInput = {
  TableName: 'ledger',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
};

async function serve(options: Parameters<typeof dynalite>[0]) {
  const server = await listenOnLoopback(dynalite(options), 0);
  const client = new DynamoDBClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const stop = async () => {
    client.destroy();
    await server.stop();
  };
  return { client, stop };
}

test('a table that takes its time is there once it is created', async () => {
  const { client, stop } = await serve({ createTableMs: 100 });
  onTestFinished(stop);
  await createActiveTable(client, TABLE);
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'ledger' }));
  expect(Table?.TableStatus).toBe('ACTIVE');
});

test('a table whose creation was cut off is refused by the next local run', async () => {
  const path = temporaryDirectory();
  const { client, stop } = await serve({ path, createTableMs: 60_000 });
  await client.send(new CreateTableCommand(TABLE));
  await stop();
  const after = await startLedgerServer(path);
  onTestFinished(() => after.stop());
  await expect(after.createTables([TABLE])).rejects.toThrow(
    'The local table ledger was left half made: delete its folder (ledger, in the state folder) and start again',
  );
});
