import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

/**
 * Creates a table of dynalite and resolves once it can be used. dynalite answers while the table is still
 * `CREATING`, even with `createTableMs: 0`, and until it is `ACTIVE` denies to every request that it exists.
 */
export async function createActiveTable(
  client: DynamoDBClient,
  table: CreateTableCommandInput,
): Promise<void> {
  const { TableDescription } = await client.send(new CreateTableCommand(table));
  let status = TableDescription?.TableStatus;
  while (status !== 'ACTIVE') {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table.TableName }));
    status = Table?.TableStatus;
  }
}
