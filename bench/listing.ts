import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fitting } from '../lambda/trigger/compressed-answer.ts';
import { type LoopbackServer, readBody, serveLoopback } from '../lib/local/server/http-server.ts';
import { SETTINGS } from '../test/support/config-of.ts';
import { NIGHTLY } from '../test/support/fixture.ts';
import { startStackEndpoint } from '../test/support/stack-endpoint.ts';
import { EARLY } from './early-schedule.ts';
import { type ListingTable, listingTable, type TableSize } from './listing-table.ts';
import { type Bench, type Measured, openBench } from './measured-functions.ts';
import { median, table } from './table.ts';

const SIZES: readonly TableSize[] = [
  { triggers: 10, firings: 1_000 },
  { triggers: 10, firings: 10_000 },
  { triggers: 10, firings: 1_000_000 },
  { triggers: 10_000, firings: 10_000 },
  { triggers: 10_000, firings: 1_000_000 },
];
const ROUNDS = 3;
const STACK = 'run-test-trigger';
const MOST_BYTES = 10_000_000;
const TRIGGER = { ...NIGHTLY, follow: true, schedules: [EARLY] };

/** Milliseconds, and the most memory in bytes. */
interface Took {
  readonly ms: number;
  readonly memory: number;
}
type Command = ChildProcessByStdio<null, Readable, Readable>;
interface Measurements {
  readonly times: readonly number[];
  readonly memory: number;
  /** The last time. */
  readonly asked: ReturnType<ListingTable['take']>;
}
/** A stack of this size, and what was measured there of each view. */
interface Place {
  readonly size: TableSize;
  readonly table: ListingTable;
  readonly ledger: LoopbackServer;
  readonly stack: LoopbackServer;
  readonly bench: Bench;
  readonly sweep: Measured;
  readonly measured: Map<string, Measurements>;
}

const VIEWS: Readonly<Record<string, (place: Place) => Promise<Took>>> = {
  '`rtt history`': (place) => command(['history'], place),
  "the console's first view": firstView,
  '`rtt stats --since 1d`': (place) => command(['stats', '--since', '1d'], place),
  'the sweep counts `open_firings`': countOpen,
};

/** What the lists ask of the ledger, and what they take, with few and with many triggers and firings. */
export async function listing(): Promise<string> {
  const bench = await openBench();
  const sweeps = new Map<number, Measured>();
  const places: Place[] = [];
  for (const size of SIZES) {
    const { triggers } = size;
    const sweep = sweeps.get(triggers) ?? (await bench.function('sweep', triggers));
    sweeps.set(triggers, sweep);
    places.push(await openPlace(size, bench, sweep));
  }
  // In turns: what the machine does besides, meets all of them.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const place of places) {
      for (const [view, measure] of Object.entries(VIEWS)) {
        place.table.take();
        const took = await measure(place);
        const before = place.measured.get(view);
        place.measured.set(view, {
          times: [...(before?.times ?? []), took.ms],
          memory: Math.max(before?.memory ?? 0, took.memory),
          asked: place.table.take(),
        });
      }
    }
  }
  await Promise.all(places.flatMap(({ ledger, stack }) => [ledger.stop(), stack.stop()]));
  bench.stop();
  const rows = Object.keys(VIEWS).flatMap((view) => rowsOf(view, places));
  return `${EXPLAINED}\n\n${table(HEAD, rows)}`;
}

function rowsOf(view: string, places: readonly Place[]): string[][] {
  const found = places.flatMap(({ size, measured }) => {
    const known = measured.get(view);
    return known ? { ...known, size, ms: median(known.times) } : [];
  });
  return found.map(({ size, ms, memory, asked }) => [
    view,
    ...[size.triggers, size.firings, asked.requests, asked.units].map((n) =>
      n.toLocaleString('en'),
    ),
    `${(ms / 1000).toFixed(2)} s`,
    `${(ms / (found[0]?.ms ?? ms)).toFixed(2)} ×`,
    `${(memory / 2 ** 20).toFixed(0)} MB`,
  ]);
}

const HEAD = [
  '',
  'triggers',
  'firings',
  'requests',
  'read units',
  'time',
  'to the first',
  'memory at most',
];
const EXPLAINED = `Each in a process of its own, median of ${ROUNDS}, against a table of DynamoDB that another process serves: with its pages and its read units, and firings of the last 35 days that are made when they are read. The commands are the whole ones, from the start of Node: they ask the stack for its outputs and the function \`command\` for the triggers first. Of the console it is the answer with its first page of 50 triggers, of the sweep one invocation of the bundle. A tenth of the triggers has an open firing. Ratios are to 10 triggers with 1,000 firings.`;

async function openPlace(size: TableSize, bench: Bench, sweep: Measured): Promise<Place> {
  const table = await listingTable(size, TRIGGER, new Date());
  const stack = await startStackEndpoint({
    name: STACK,
    functions: ['arn:aws:lambda:eu-central-1:111122223333:function:command'],
    outputs: { CommandFunction: 'command', LedgerTable: 'ledger' },
  });
  return { size, table, ledger: await serve(table), stack, bench, sweep, measured: new Map() };
}

/** Serves the table and, of Lambda, the function that says what is deployed. */
async function serve(ledgerTable: ListingTable): Promise<LoopbackServer> {
  const triggers = Object.fromEntries(ledgerTable.names.map((name) => [name, TRIGGER]));
  const config = { ...SETTINGS, apiBaseUrl: 'https://api.futureagi.com', triggers };
  const described = JSON.stringify(fitting(config));
  return serveLoopback(async (request, response) => {
    const body = String(await readBody(request, MOST_BYTES));
    const [, operation] = String(request.headers['x-amz-target']).split('.');
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(operation ? ledgerTable.answer(operation, JSON.parse(body)) : described);
  });
}

async function command(args: readonly string[], place: Place): Promise<Took> {
  return rtt(args, place, async (child) => {
    const begun = performance.now();
    const said = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (said[0] === '') throw new Error(said[1]);
    return performance.now() - begun;
  });
}

/** The console's data for its first view, which it is asked for when it is up. */
async function firstView(place: Place): Promise<Took> {
  return rtt(['console', '--json'], place, async (child) => {
    child.stderr.resume();
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (line === '}') break;
    }
    const { origin, hash } = new URL(JSON.parse(lines.join('')).url);
    const headers = { authorization: `Local Credential=${hash.slice('#key='.length)}/` };
    const begun = performance.now();
    const answer = await fetch(`${origin}/_console/overview`, { headers });
    const overview = await answer.text();
    const ms = performance.now() - begun;
    child.kill('SIGINT');
    if (JSON.parse(overview).count !== place.size.triggers) throw new Error(overview);
    return ms;
  });
}

/** A command line in a process of its own, against the stack; `measure` says how long it took. */
async function rtt(
  args: readonly string[],
  { ledger, stack }: Place,
  measure: (child: Command) => Promise<number>,
): Promise<Took> {
  const directory = mkdtempSync(join(tmpdir(), 'listing-'));
  const file = join(directory, 'memory');
  const preload = ['--import', join(import.meta.dirname, 'peak-memory.ts'), 'bin/rtt.js'];
  const target = ['--stack', STACK, '--state-dir', directory];
  const child = spawn(process.execPath, [...preload, ...args, ...target], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      PEAK_MEMORY: file,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL: ledger.url,
      AWS_ENDPOINT_URL_CLOUDFORMATION: stack.url,
    },
  });
  const ended = once(child, 'exit');
  const ms = await measure(child);
  const [code] = await ended;
  if (code !== 0) throw new Error(`rtt ${args.join(' ')} ended with ${code}`);
  const memory = Number(readFileSync(file, 'utf8')) * 1024;
  rmSync(directory, { recursive: true });
  return { ms, memory };
}

async function countOpen({ ledger, bench, sweep }: Place): Promise<Took> {
  const env = { AWS_ENDPOINT_URL_DYNAMODB: ledger.url };
  const { invocation, memory } = await bench.run(sweep, { env });
  return { ms: invocation, memory: memory.most };
}
