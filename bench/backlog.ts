import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openBench } from './measured-functions.ts';
import { table } from './table.ts';

/** Firings that are open, half of them due and half unknown. */
const FIRINGS = 20_000;
/** What Lambda gives the sweep (lib/stack/functions.ts), and how it starts Node for 512 MB. */
const TIME_MS = 110_000;
const FLAGS = ['--max-old-space-size=460', '--max-semi-space-size=25'];

/** One sweep over a backlog; the ledger and the API are another process, so the memory is the function's. */
export async function backlog(): Promise<string> {
  const services = fork(join(import.meta.dirname, 'backlog-services.ts'), [String(FIRINGS)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [urls] = await once(services, 'message');
  const bench = await openBench();
  const env = {
    AWS_ENDPOINT_URL_DYNAMODB: urls.ledger,
    API_BASE_URL: urls.api,
    TIME_MS: String(TIME_MS),
  };
  const sweep = await bench.function('sweep');
  const { invocation, answer, memory } = await bench.run(sweep, { env, flags: FLAGS });
  services.kill();
  bench.stop();
  const { advanced, failed } = JSON.parse(answer);
  if (failed > 0) throw new Error(`${failed} firings failed`);
  const head = ['open', 'moved a step', 'seconds', 'memory before', 'memory at most'];
  const row = [
    FIRINGS.toLocaleString('en'),
    advanced.toLocaleString('en'),
    (invocation / 1000).toFixed(0),
    mb(memory.before),
    mb(memory.most),
  ];
  return `${EXPLAINED}\n\n${table(head, [row])}`;
}

const EXPLAINED =
  'One sweep as it is deployed, in a process of its own, which takes firings up for a minute. Half of them are due, half are in doubt; the API takes all at once. The ledger and the API are another process, on the same cores.';

function mb(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(0)} MB`;
}
