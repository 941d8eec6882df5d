import { type Measured, openBench } from './measured-functions.ts';
import { median, table } from './table.ts';

/** Processes of each handler, one after the other in turns. */
const TURNS = 3;
const ROUNDS = 400;
/** The compiler has not seen the first ones often enough. */
const UNCOUNTED = 100;
const BASELINE = 'by hand, `node:http` without undici';

/** An invocation of a process that has had some. */
export async function warm(): Promise<string> {
  const bench = await openBench();
  const handlers: Readonly<Record<string, Measured>> = {
    [BASELINE]: await bench.byHand('by-hand-builtin'),
    'by hand, AWS SDK as it comes': await bench.byHand('by-hand-sdk'),
    trigger: await bench.function('trigger'),
    webhook: await bench.function('webhook'),
  };
  const times = new Map<string, number[]>();
  const cpu = new Map<string, number[]>();
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [name, handler] of Object.entries(handlers)) {
      const { further, furtherCpu } = await bench.run(handler, { rounds: ROUNDS + UNCOUNTED });
      times.set(name, [...(times.get(name) ?? []), ...further.slice(UNCOUNTED)]);
      cpu.set(name, [...(cpu.get(name) ?? []), furtherCpu / further.length]);
    }
  }
  bench.stop();
  const at = (name: string, share: number) => {
    const sorted = (times.get(name) ?? []).toSorted((a, b) => a - b);
    return sorted[Math.floor(share * sorted.length)] ?? 0;
  };
  const rows = Object.keys(handlers).map((name) => [
    name,
    ...[0.5, 0.99].map((share) => ms(at(name, share))),
    ...[0.5, 0.99].map((share) => ms(at(name, share) - at(BASELINE, share))),
    ms(median(cpu.get(name) ?? [])),
  ]);
  const head = ['', 'p50', 'p99', 'p50 above the first row', 'p99 above it', 'processor'];
  return `${EXPLAINED}\n\n${table(head, rows)}`;
}

const EXPLAINED = `${ROUNDS} invocations in each of ${TURNS} processes, each with a cause of its own, over HTTP on this machine. "By hand" sends the same requests as the trigger function, reads the API key once as it does, and posts on a connection that it keeps: the trigger function has a new one for each POST, since only that can tell that nothing was sent.`;

function ms(time: number): string {
  return `${time.toFixed(1)} ms`;
}
