import { type Measured, openBench } from './measured-functions.ts';
import { table } from './table.ts';

const ROUNDS = 400;
/** The compiler has not seen the first ones often enough. */
const UNCOUNTED = 100;

/** An invocation of a process that has had some. */
export async function warm(): Promise<string> {
  const bench = await openBench();
  const handlers: Readonly<Record<string, Measured>> = {
    'by hand, `node:http` without undici': await bench.byHand('by-hand-builtin'),
    'by hand, AWS SDK as it comes': await bench.byHand('by-hand-sdk'),
    trigger: await bench.function('trigger'),
    webhook: await bench.function('webhook'),
  };
  const rows: string[][] = [];
  for (const [name, handler] of Object.entries(handlers)) {
    const { further } = await bench.run(handler, { rounds: ROUNDS + UNCOUNTED });
    const sorted = further.slice(UNCOUNTED).toSorted((a, b) => a - b);
    const at = (share: number) =>
      `${(sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(1)} ms`;
    rows.push([name, at(0.5), at(0.99)]);
  }
  bench.stop();
  return `${ROUNDS} invocations in one process, each with a cause of its own, over HTTP on this machine.\n\n${table(['', 'p50', 'p99'], rows)}`;
}
