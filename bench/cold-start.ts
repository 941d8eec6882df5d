import {
  type Bench,
  kilobytesOf,
  type Measured,
  openBench,
  type Times,
} from './measured-functions.ts';
import { median, table } from './table.ts';

/** Fresh processes per handler, interleaved so that the machine's moods hit all alike. */
const ROUNDS = 25;
const BASELINE = 'by hand, `fetch`';
const PEER = 'a typical peer';

/** Init and first invocation of each function, beside what can be had at least and what is usual. */
export async function coldStart(): Promise<string> {
  const bench = await openBench();
  const ours = {
    'trigger, 10 triggers': await bench.function('trigger'),
    webhook: await bench.function('webhook'),
    'sweep, idle': await bench.function('sweep'),
  };
  const limits = {
    [BASELINE]: await bench.byHand('by-hand-fetch'),
    'by hand, `node:http` without undici': await bench.byHand('by-hand-builtin'),
    [PEER]: await bench.peer(),
  };
  const plain = await tableOf(bench, {
    ...limits,
    'by hand, `node:http`': await bench.byHand('by-hand-http'),
    'by hand, AWS SDK as it comes': await bench.byHand('by-hand-sdk'),
    ...ours,
    'trigger, 1,000 triggers': await bench.function('trigger', 1_000),
    'trigger, 10,000 triggers': await bench.function('trigger', 10_000),
    starter: await bench.function('starter'),
    notify: await bench.function('notify'),
  });
  const overTls = await tableOf(bench, { ...limits, ...ours }, bench.overTls);
  bench.stop();
  return `${EXPLAINED}\n\n${plain}\n\nThe same over TLS, with a certificate of this machine:\n\n${overTls}`;
}

async function tableOf(
  bench: Bench,
  handlers: Readonly<Record<string, Measured>>,
  options?: Bench['overTls'],
): Promise<string> {
  const times = new Map<string, Times[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, handler] of Object.entries(handlers)) {
      times.set(name, [...(times.get(name) ?? []), await bench.run(handler, options)]);
    }
  }
  const of = (name: string, what: (run: Times) => number) =>
    median((times.get(name) ?? []).map(what));
  const rows = Object.entries(handlers).map(([name, handler]) => [
    name,
    ms(of(name, ({ init }) => init)),
    ms(of(name, ({ invocation }) => invocation)),
    ms(of(name, total)),
    ms(of(name, ({ cpu }) => cpu)),
    `${(of(name, total) / of(BASELINE, total)).toFixed(2)} ×`,
    `${(of(name, total) / of(PEER, total)).toFixed(2)} ×`,
    `${kilobytesOf(handler).toFixed(0)} kB`,
  ]);
  return table(HEAD, rows);
}

const HEAD = [
  '',
  'init',
  'first invocation',
  'together',
  'processor',
  'to `fetch`',
  'to the peer',
  'code',
];
const EXPLAINED = `Medians of ${ROUNDS} fresh processes each, one after the other in turns, over HTTP on this machine. "By hand" sends the trigger function's requests for a scheduled event in the same order, and checks and parses nothing: with \`fetch\`, with \`node:http\`, and as a function with the AWS SDK is usually bundled. The peer is such a function as it is usually written, for the same event: the SDK of Lambda's runtime, axios, Powertools' logger, metrics, tracer and idempotency ([its code](../bench/typical-peer/handler.mjs)). It sends 4 requests, the trigger function 11, and it does not know what became of a lost answer.`;

function total({ init, invocation }: Times): number {
  return init + invocation;
}

function ms(time: number): string {
  return `${time.toFixed(0)} ms`;
}
