import { kilobytesOf, type Measured, openBench, type Times } from './measured-functions.ts';
import { median, table } from './table.ts';

/** Fresh processes per handler, interleaved so that the machine's moods hit all alike. */
const ROUNDS = 25;
const BASELINE = 'by hand, `fetch`';

/** Init and first invocation of each function, beside what can be had at least and what is usual. */
export async function coldStart(): Promise<string> {
  const bench = await openBench();
  const handlers: Readonly<Record<string, Measured>> = {
    [BASELINE]: await bench.byHand('by-hand-fetch'),
    'by hand, `node:http`': await bench.byHand('by-hand-http'),
    'by hand, `node:http` without undici': await bench.byHand('by-hand-builtin'),
    'by hand, AWS SDK as it comes': await bench.byHand('by-hand-sdk'),
    'trigger, 10 triggers': await bench.function('trigger'),
    'trigger, 1,000 triggers': await bench.function('trigger', 1_000),
    'trigger, 10,000 triggers': await bench.function('trigger', 10_000),
    webhook: await bench.function('webhook'),
    starter: await bench.function('starter'),
    'sweep, idle': await bench.function('sweep'),
    notify: await bench.function('notify'),
  };
  const times = new Map<string, Times[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, handler] of Object.entries(handlers)) {
      times.set(name, [...(times.get(name) ?? []), await bench.run(handler)]);
    }
  }
  const baseline = median((times.get(BASELINE) ?? []).map(total));
  const rows = Object.entries(handlers).map(([name, handler]) => {
    const runs = times.get(name) ?? [];
    const sum = median(runs.map(total));
    return [
      name,
      ms(median(runs.map(({ init }) => init))),
      ms(median(runs.map(({ invocation }) => invocation))),
      ms(sum),
      `${(sum / baseline).toFixed(2)} ×`,
      `${kilobytesOf(handler).toFixed(0)} kB`,
    ];
  });
  bench.stop();
  const head = ['', 'init', 'first invocation', 'together', 'to the first row', 'code'];
  return `${EXPLAINED}\n\n${table(head, rows)}`;
}

const EXPLAINED = `Medians of ${ROUNDS} fresh processes each, one after the other in turns, over HTTP on this machine. "By hand" sends the trigger function's requests for a scheduled event in the same order, and checks, parses and remembers nothing: with \`fetch\`, with \`node:http\`, and as a function with the AWS SDK is usually bundled.`;

function total({ init, invocation }: Times): number {
  return init + invocation;
}

function ms(time: number): string {
  return `${time.toFixed(0)} ms`;
}
