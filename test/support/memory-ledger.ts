import { once } from 'node:events';
import type { Server } from 'node:http';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import { openLedgerOf } from '../../lib/sdk-ledger.ts';
import { inProcessHandler } from './in-process-handler.ts';

/** A ledger on a DynamoDB-compatible server of its own, with the real SDK client. */
export interface MemoryLedger {
  readonly ledger: Ledger;
  readonly client: DynamoDBClient;
  readonly table: string;
  stop(): Promise<void>;
}

const TABLE = 'ledger';
const SIGNED = {
  'x-amz-date': '20261124T020000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20261124/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
};

/** Middlewares for what does not happen in a process, and for headers that no server here reads: half of a request's time. */
const FOR_THE_WIRE = [
  'retryMiddleware',
  'httpAuthSchemeMiddleware',
  'httpSigningMiddleware',
  'contentLengthMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'loggerMiddleware',
  'recursionDetectionMiddleware',
];

/** `http`: over a socket, as on AWS. `in process` takes a third of the time. */
export async function startMemoryLedger(
  transport: 'in process' | 'http' = 'in process',
): Promise<MemoryLedger> {
  const server = dynalite({ createTableMs: 0 });
  const client = new DynamoDBClient({
    ...(transport === 'http'
      ? { endpoint: await listen(server) }
      : {
          endpoint: 'http://in-process',
          requestHandler: inProcessHandler(
            (...exchange) => server.emit('request', ...exchange),
            SIGNED,
          ),
        }),
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    // The server reads no signature, and making one takes a quarter of a request's time.
    signer: {
      sign: async (request) => ({ ...request, headers: { ...request.headers, ...SIGNED } }),
    },
    maxAttempts: 2,
  });
  if (transport === 'in process') {
    for (const name of FOR_THE_WIRE) client.middlewareStack.remove(name);
  }
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
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
    }),
  );
  const soon = { maxWaitTime: 20, minDelay: 0.001, maxDelay: 0.1 };
  await waitUntilTableExists({ client, ...soon }, { TableName: TABLE });
  return {
    ledger: openLedgerOf(client, TABLE),
    client,
    table: TABLE,
    async stop() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Resolves to the server's address. */
async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return `http://127.0.0.1:${address.port}`;
}
