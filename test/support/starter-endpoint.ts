import { onTestFinished } from 'vitest';
import { type Lambda, lambda } from '../../lambda/runtime/aws.ts';
import { poster } from '../../lambda/runtime/aws-connection.ts';
import { startRecorded } from '../../lambda/starter/start-recorded.ts';
import { type HandOver, handOverTo } from '../../lambda/webhook/hand-over.ts';
import { startLambdaEndpoint } from '../../lib/local/services/lambda-endpoint.ts';
import { awsAt } from './aws-at.ts';
import type { Clock } from './clock.ts';
import type { Core } from './fixture.ts';

/** The starter function behind Lambda's Invoke. */
export interface StarterEndpoint {
  readonly handOver: HandOver;
  /** How the events came, in order. */
  readonly taken: ('at once' | 'throttled' | 'queued')[];
  /** Resolves when every event that was taken is dealt with. */
  idle(): Promise<void>;
}

const KEY = 'LOCALA';

/** Runs `places` starts at once; like Lambda, it throttles a synchronous event above that, and queues any other. */
export async function startStarterEndpoint(
  core: Core,
  clock: Clock,
  places: number,
): Promise<StarterEndpoint> {
  const running = new Set<Promise<unknown>>();
  const queue: string[] = [];
  const taken: StarterEndpoint['taken'] = [];
  const run = (event: string) => {
    const until = new Date(clock.now().getTime() + 60_000);
    const start = startRecorded(JSON.parse(event), core, until).finally(() => {
      running.delete(start);
      const next = queue.shift();
      if (next !== undefined) void run(next);
    });
    running.add(start);
    return start;
  };
  const endpoint = await startLambdaEndpoint(
    KEY,
    async (_name, event) => {
      if (running.size >= places) {
        taken.push('throttled');
        return 'throttled';
      }
      taken.push('at once');
      await run(event);
      return { ok: true, payload: 'null' };
    },
    (_name, event) => {
      taken.push('queued');
      if (running.size < places) void run(event);
      else queue.push(event);
      return true;
    },
  );
  onTestFinished(() => endpoint.stop());
  return {
    handOver: handOverTo(starterAt(endpoint.url), 'starter', clock.now),
    taken,
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** Any number of sockets: each webhook function has a client of its own. */
export function starterAt(url: string): Lambda {
  return lambda({ ...awsAt(url, KEY), post: poster(1_000) });
}
