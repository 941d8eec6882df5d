import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ResourceNotFoundException,
  type TableDescription,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { ClassicLevel } from 'classic-level';
import dynalite from 'dynalite';
import { parseJson } from '../../../lambda/api/json.ts';
import { InputError, type Typed } from '../../input-error.ts';
import { openLedgerOf } from '../../sdk-ledger.ts';
import { REGION } from '../assembly/account.ts';
import { signerOf } from '../server/aws-service.ts';
import { listenOnLoopback, readBody, sendJson } from '../server/http-server.ts';
import type { LocalKeys } from './local-services.ts';

/** The most that DynamoDB takes in one request. */
const BODY_LIMIT_BYTES = 16_777_216;
/** How often the directory is looked for. */
const LOOK_EVERY_MS = 500;

/**
 * A DynamoDB-compatible server whose tables live in a directory and survive the death of the process. Opens the directory for
 * this process alone, and serves it to clients with one of the access keys. Throws InputError when another local run holds it.
 */
export async function startLedgerServer(directory: string, keys: LocalKeys) {
  mkdirSync(directory, { recursive: true });
  await checkFree(directory);
  const server = dynalite({ path: directory, createTableMs: 0 });
  checkRequests(server, Object.values(keys));
  const loopback = await listenOnLoopback(server, 0);
  const client = new DynamoDBClient({
    endpoint: loopback.url,
    region: REGION,
    credentials: { accessKeyId: keys.functions, secretAccessKey: keys.functions },
  });
  // Opens the database now: only an open one keeps others out.
  await client.send(new ListTablesCommand());
  const gone = new AbortController();
  // The database keeps this file open, so that another one in its place has another number.
  const fileNumber = () => statSync(join(directory, 'LOCK'), { throwIfNoEntry: false })?.ino;
  const own = fileNumber();
  const looking = setInterval(() => fileNumber() === own || gone.abort(), LOOK_EVERY_MS);
  return {
    url: loopback.url,
    /** Aborts when somebody moves, deletes or replaces the directory. */
    gone: gone.signal,
    /** Creates those that do not exist. Throws InputError for one that exists with other keys or indexes. */
    async createTables(tables: readonly CreateTableCommandInput[]): Promise<void> {
      for (const table of tables) await createTable(client, table);
    },
    /** The ledger in one of them, as the functions see it. */
    open: (table: string) => openLedgerOf(client, table),
    async stop(): Promise<void> {
      clearInterval(looking);
      client.destroy();
      await loopback.stop();
    },
  };
}

/** Keeps other processes out of its directory until `stop`. */
export type LedgerServer = Awaited<ReturnType<typeof startLedgerServer>>;

/** dynalite would only notice at the first request, and end the process. */
async function checkFree(directory: string): Promise<void> {
  const database = new ClassicLevel(directory);
  try {
    await database.open();
  } catch (error) {
    const { cause } = error instanceof Error ? error : {};
    if (!(cause instanceof Error)) throw error;
    const { message } = cause;
    const isUsed = 'code' in cause && cause.code === 'LEVEL_LOCKED';
    // Commands find a run by it.
    const file = join(dirname(directory), 'run.json');
    const foundBy = (typed: Typed) =>
      existsSync(file)
        ? `: fire with ${typed('fire')}, stop it`
        : ` (commands do not find it: ${file} is missing): stop it`;
    const why = (typed: Typed) =>
      isUsed
        ? `Another local run is using ${directory}${foundBy(typed)}`
        : `The ledger in ${directory} cannot be opened (${message}): fix that`;
    throw new InputError(
      (typed) => `${why(typed)}, or give this one a folder of its own with --state-dir DIR`,
    );
  }
  await database.close();
}

/**
 * Lets dynalite see only complete requests of clients with a key: it throws, and so ends the process, when a client goes
 * away while it sends (as a function killed at its time limit does), and for JSON that is not an object.
 */
function checkRequests(server: Server, accessKeyIds: readonly string[]): void {
  const [dynalite] = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    try {
      if (signerOf(request.headers, accessKeyIds) === undefined) {
        return refuse(response, 'UnrecognizedClientException');
      }
      const body = await readBody(request, BODY_LIMIT_BYTES);
      const input = body === 'too-large' ? undefined : parseJson(body.toString());
      if (typeof input !== 'object' || input === null || Array.isArray(input)) {
        return refuse(response, 'SerializationException');
      }
      const { method, url, headers } = request;
      const complete = Object.assign(new EventEmitter(), { method, url, headers });
      dynalite?.(complete, response);
      // What dynalite throws while it handles these, the catch below answers: a stream would emit them after it.
      complete.emit('data', body);
      complete.emit('end');
    } catch {
      // The client went away, or sent what dynalite cannot read.
      if (!response.headersSent) refuse(response, 'SerializationException');
    }
  });
}

function refuse(response: ServerResponse, type: string): void {
  sendJson(response, 400, { __type: `com.amazon.coral.service#${type}` });
}

/** In seconds. dynalite answers before the table can be used, and makes it usable at its next turn. */
const SOON = { maxWaitTime: 10, minDelay: 0.001, maxDelay: 0.1 };

async function createTable(client: DynamoDBClient, table: CreateTableCommandInput): Promise<void> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table.TableName }));
    checkSame(table, Table);
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    await client.send(new CreateTableCommand(table));
    await waitUntilTableExists({ client, ...SOON }, { TableName: table.TableName });
  }
}

function checkSame(wanted: CreateTableCommandInput, found: TableDescription | undefined): void {
  if (isDeepStrictEqual(shapeOf(wanted), shapeOf(found ?? {}))) return;
  throw new InputError(
    `The local table ${wanted.TableName} was made by another version, with other keys or indexes: delete its folder (ledger, in the state folder) and start again`,
  );
}

function shapeOf({
  KeySchema,
  GlobalSecondaryIndexes = [],
}: Pick<TableDescription, 'KeySchema' | 'GlobalSecondaryIndexes'>): unknown {
  return {
    KeySchema,
    indexes: GlobalSecondaryIndexes.map(({ IndexName, KeySchema: keys, Projection }) => ({
      IndexName,
      keys,
      type: Projection?.ProjectionType,
      attributes: Projection?.NonKeyAttributes?.toSorted() ?? [],
    })).sort((a, b) => String(a.IndexName).localeCompare(String(b.IndexName))),
  };
}
