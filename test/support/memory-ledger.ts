import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { CreateTableInput } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { type Ledger, openLedger } from '../../lambda/ledger/ledger.ts';
import { type DynamoDb, dynamoDb } from '../../lambda/runtime/aws.ts';
import { awsAt } from './aws-at.ts';

/** A ledger on a DynamoDB-compatible server of its own. */
export interface MemoryLedger {
  readonly ledger: Ledger;
  /** What the ledger asks. */
  readonly client: DynamoDb;
  readonly table: string;
  stop(): Promise<void>;
}

/** The server takes any signature. */
const SIGNED = {
  'x-amz-date': '20261124T020000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20261124/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
};

/** The table as lib/stack/ledger-table.ts has it. */
const TABLE = {
  TableName: 'ledger',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    'id',
    'openShard',
    'nextCheckAt',
    'runTestId',
    'sentAt',
    'trigger',
    'recordedAt',
    'recentShard',
  ].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'open',
      KeySchema: [
        { AttributeName: 'openShard', KeyType: 'HASH' },
        { AttributeName: 'nextCheckAt', KeyType: 'RANGE' },
      ],
      Projection: {
        ProjectionType: 'INCLUDE',
        NonKeyAttributes: ['trigger', 'state', 'recordedAt'],
      },
    },
    {
      IndexName: 'by-run-test',
      KeySchema: [
        { AttributeName: 'runTestId', KeyType: 'HASH' },
        { AttributeName: 'sentAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['state', 'executionId'] },
    },
    {
      IndexName: 'by-trigger',
      KeySchema: [
        { AttributeName: 'trigger', KeyType: 'HASH' },
        { AttributeName: 'recordedAt', KeyType: 'RANGE' },
      ],
      Projection: {
        ProjectionType: 'INCLUDE',
        NonKeyAttributes: ['state', 'cause', 'executionId', 'reason', 'result'],
      },
    },
    {
      IndexName: 'recent',
      KeySchema: [
        { AttributeName: 'recentShard', KeyType: 'HASH' },
        { AttributeName: 'recordedAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
} satisfies CreateTableInput;

/**
 * Asks the server in this process: a fifth of the work of asking over a socket.
 * @param without an index that the table does not have.
 */
export async function startMemoryLedger({ without = '' } = {}): Promise<MemoryLedger> {
  const server = await startServer(without);
  return memoryLedger(server, inProcess(server));
}

/** Asks over a socket, with the functions' own client. */
export async function startHttpLedger(): Promise<MemoryLedger & { readonly url: string }> {
  const server = await startServer();
  const url = await listen(server);
  return { ...memoryLedger(server, dynamoDb(awsAt(url))), url };
}

function memoryLedger(server: Server, client: DynamoDb): MemoryLedger {
  return {
    ledger: openLedger(client, TABLE.TableName),
    client,
    table: TABLE.TableName,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function startServer(without?: string): Promise<Server> {
  const server = dynalite({ createTableMs: 0 });
  const { TableName } = TABLE;
  await call(server, 'CreateTable', tableWithout(without));
  while ((await call(server, 'DescribeTable', { TableName })).Table.TableStatus !== 'ACTIVE') {
    await setImmediate();
  }
  return server;
}

/** A table may define no attribute that is not a key. */
function tableWithout(index: string | undefined): CreateTableInput {
  const indexes = TABLE.GlobalSecondaryIndexes.filter(({ IndexName }) => IndexName !== index);
  const keys = [TABLE, ...indexes].flatMap(({ KeySchema }) => KeySchema);
  const isKey = new Set(keys.map(({ AttributeName }) => AttributeName));
  return {
    ...TABLE,
    AttributeDefinitions: TABLE.AttributeDefinitions.filter(({ AttributeName }) =>
      isKey.has(AttributeName),
    ),
    GlobalSecondaryIndexes: indexes,
  };
}

function inProcess(server: Server): DynamoDb {
  return {
    getItem: (input) => call(server, 'GetItem', input),
    batchGetItem: (input) => call(server, 'BatchGetItem', input),
    putItem: (input) => call(server, 'PutItem', input),
    query: (input) => call(server, 'Query', input),
  };
}

/** An operation as the HTTP API has it. */
async function call(server: Server, operation: string, input: object) {
  const headers = {
    ...SIGNED,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  };
  const request = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers });
  const { promise, resolve } = Promise.withResolvers<string>();
  const response = { statusCode: 200, setHeader() {}, end: resolve };
  server.emit('request', request, response);
  request.emit('data', Buffer.from(JSON.stringify(input)));
  request.emit('end');
  const answer = JSON.parse(await promise);
  if (response.statusCode === 200) return answer;
  const name = answer.__type.replace(/^.*#/, '');
  throw Object.assign(new Error(answer.message), { name });
}

/** Resolves to the server's address. */
async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return `http://127.0.0.1:${address.port}`;
}
