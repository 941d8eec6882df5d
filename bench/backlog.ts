import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LIMITS } from '../lambda/runtime/limits.ts';
import { sweep } from '../lambda/sweep/sweep.ts';
import { openLedgerOf } from '../lib/sdk-ledger.ts';
import { coreOn } from '../test/support/fixture.ts';
import { table } from './table.ts';

/** Firings that are open, half of them due and half unknown. */
const FIRINGS = 20_000;
/** What Lambda gives the sweep (lib/stack/sweep-function.ts). */
const TIME_LIMIT_MS = 110_000;
const MOST_SWEEPS = 20;

/** Sweeps over a backlog; the ledger and the API are another process, so the memory is the function's. */
export async function backlog(): Promise<string> {
  Object.assign(console, { info() {}, warn() {}, error() {} });
  const services = fork(join(import.meta.dirname, 'backlog-services.ts'), [String(FIRINGS)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [urls] = await once(services, 'message');
  const client = new DynamoDBClient({
    endpoint: urls.ledger,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const now = () => new Date();
  const ledger = openLedgerOf(client, 'ledger');
  const memory = { ledger, client, table: 'ledger', stop: async () => client.destroy() };
  const core = coreOn(memory, { url: urls.api }, { now }, undefined, [], { limits: LIMITS });
  const idle = process.memoryUsage.rss();
  let most = idle;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  const begun = performance.now();
  let sweeps = 0;
  let advanced = 0;
  while (advanced < FIRINGS && sweeps < MOST_SWEEPS) {
    const summary = await sweep(core, new Date(Date.now() + TIME_LIMIT_MS));
    if (summary.failed > 0) throw new Error(`${summary.failed} firings failed`);
    sweeps += 1;
    advanced += summary.advanced;
  }
  clearInterval(watch);
  const seconds = (performance.now() - begun) / 1000;
  services.kill();
  await memory.stop();
  const head = ['open', 'sweeps', 'seconds', 'firings a second', 'memory before', 'memory at most'];
  const row = [
    FIRINGS.toLocaleString('en'),
    String(sweeps),
    seconds.toFixed(0),
    (advanced / seconds).toFixed(0),
    mb(idle),
    mb(most),
  ];
  return `${EXPLAINED}\n\n${table(head, [row])}`;
}

const EXPLAINED =
  'Half of them are due, half are in doubt; the API takes all at once. The ledger and the API are another process, on the same cores. Memory is that of the sweep’s process, which here also has the tests’ support and no limit of its own.';

function mb(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(0)} MB`;
}
