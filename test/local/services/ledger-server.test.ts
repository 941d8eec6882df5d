import { once } from 'node:events';
import { cpSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { startLedgerServer } from '../../../lib/local/services/ledger-server.ts';
import { temporaryDirectory } from '../hand-written-stack.ts';

const KEYS = { functions: 'LOCALA', operator: 'LOCALB' };
const TABLE: CreateTableCommandInput = {
  TableName: 'ledger',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'openShard', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'open',
      KeySchema: [{ AttributeName: 'openShard', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};

async function open(directory: string) {
  const server = await startLedgerServer(directory, KEYS);
  const client = new DynamoDBClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: KEYS.operator, secretAccessKey: 'any' },
  });
  const stop = async () => {
    client.destroy();
    await server.stop();
  };
  return { server, client, stop };
}

const put = (id: string) => new PutItemCommand({ TableName: 'ledger', Item: { id: { S: id } } });
const get = (id: string) => new GetItemCommand({ TableName: 'ledger', Key: { id: { S: id } } });

test('items survive a restart', async () => {
  const directory = temporaryDirectory();
  const first = await open(directory);
  await first.server.createTables([TABLE]);
  await first.client.send(put('one'));
  await first.stop();
  const second = await open(directory);
  onTestFinished(second.stop);
  await second.server.createTables([TABLE]);
  expect((await second.client.send(get('one'))).Item).toEqual({ id: { S: 'one' } });
});

test('a second run on the same folder is refused', async () => {
  const state = temporaryDirectory();
  const directory = join(state, 'ledger');
  const first = await open(directory);
  onTestFinished(first.stop);
  const file = join(state, 'run.json');
  const second = () => expect(startLedgerServer(directory, KEYS)).rejects;
  const own = 'or give this one a folder of its own with --state-dir DIR';
  await second().toThrow(
    `Another local run is using ${directory} (commands do not find it: ${file} is missing): stop it, ${own}`,
  );
  writeFileSync(file, '');
  await second().toThrow(
    `Another local run is using ${directory}: fire with npx rtt fire, stop it, ${own}`,
  );
});

test('a copy in the place of its folder is noticed', async () => {
  const [directory, away] = [temporaryDirectory(), join(temporaryDirectory(), 'away')];
  const { server, stop } = await open(directory);
  onTestFinished(stop);
  renameSync(directory, away);
  cpSync(away, directory, { recursive: true });
  if (!server.gone.aborted) await once(server.gone, 'abort');
});

test('a table of another form is refused', async () => {
  const { server, stop } = await open(temporaryDirectory());
  onTestFinished(stop);
  await server.createTables([TABLE]);
  const { GlobalSecondaryIndexes: _, ...other } = TABLE;
  await expect(server.createTables([other])).rejects.toThrow(
    'The local table ledger was made by another version, with other keys or indexes',
  );
});

test('a client that dies while it sends harms nobody', async () => {
  const { server, client, stop } = await open(temporaryDirectory());
  onTestFinished(stop);
  await server.createTables([TABLE]);
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  const { host } = new URL(server.url);
  const signed = 'Authorization: AWS4-HMAC-SHA256 Credential=LOCALA/x';
  socket.write(`POST / HTTP/1.1\r\nHost: ${host}\r\n${signed}\r\nContent-Length: 100\r\n\r\n{`);
  await once(socket, 'connect');
  await client.send(put('before'));
  socket.resetAndDestroy();
  await client.send(put('after'));
  expect((await client.send(get('after'))).Item).toEqual({ id: { S: 'after' } });
});

const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=LOCALA/20261124/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20261124T020000Z',
  'x-amz-target': 'DynamoDB_20120810.ListTables',
};

const REQUESTS: readonly (readonly [string, Record<string, string>, string, number])[] = [
  ['with a key', {}, '{}', 200],
  ['without a key', { authorization: '' }, '{}', 400],
  [
    'with another key',
    { authorization: SIGNED.authorization.replace('LOCALA', 'LOCAL') },
    '{}',
    400,
  ],
  ['of a web page', { origin: 'http://evil.example' }, '{}', 403],
  ['whose body is null', {}, 'null', 400],
  ['whose body is a list', {}, '[]', 400],
  ['whose body is no JSON', {}, '{', 400],
  [
    'with a key that is null',
    { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
    '{"TableName":"ledger","Key":{"id":null}}',
    400,
  ],
];

test('a request is answered by its key and body, and no page may read the answer', async () => {
  const { server, client, stop } = await open(temporaryDirectory());
  onTestFinished(stop);
  await server.createTables([TABLE]);
  const answers = [];
  for (const [what, own, body] of REQUESTS) {
    const sent = { method: 'POST', headers: { ...SIGNED, ...own }, body };
    const { status, headers } = await fetch(server.url, sent);
    answers.push([what, status, headers.get('access-control-allow-origin')]);
  }
  expect(answers).toEqual(REQUESTS.map(([what, , , status]) => [what, status, null]));
  await client.send(put('after'));
});
