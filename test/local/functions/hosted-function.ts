import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import type { LocalFunction } from '../../../lib/local/assembly/assembly.ts';
import { type FunctionHost, hostFunction } from '../../../lib/local/functions/function-host.ts';
import { handWrittenStack } from '../hand-written-stack.ts';

export function host(
  source: string,
  changes: Partial<LocalFunction> = {},
  clock: Pick<Clock, 'now'> = systemClock,
): { host: FunctionHost; lines: string[] } {
  const [fn] = handWrittenStack({ Fn: source }).functions;
  if (!fn) throw new Error('no function');
  const lines: string[] = [];
  const running = hostFunction(
    { ...fn, ...changes },
    { ENDPOINT: 'http://here' },
    clock,
    ({ line }) => lines.push(line),
  );
  onTestFinished(() => running.stop());
  return { host: running, lines };
}

export const entries = (lines: string[]) => lines.map((line) => JSON.parse(line));

export async function result(running: FunctionHost, event: unknown = {}): Promise<unknown> {
  const outcome = await running.invoke(JSON.stringify(event));
  if (outcome === 'throttled' || !outcome.ok) throw new Error(JSON.stringify(outcome));
  return JSON.parse(outcome.payload);
}
