import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MOST_COMPARED_RUNS } from '../lambda/firing/policy.ts';
import type { ServiceEvent } from '../lambda/firing/service-event.ts';
import type { Trigger } from '../lambda/firing/trigger.ts';
import { sweep } from '../lambda/sweep/sweep.ts';
import { trigger } from '../lambda/trigger/trigger.ts';
import { serveLoopback } from '../lib/local/server/http-server.ts';
import { startStandInApi } from '../lib/local/stand-in/stand-in-api.ts';
import { clockAt } from '../test/support/clock.ts';
import { countRequests } from '../test/support/counted-requests.ts';
import { API_KEY, coreOn, NIGHTLY, newSecrets } from '../test/support/fixture.ts';
import { startMemoryLedger } from '../test/support/memory-ledger.ts';

/** What one firing asks of everything, from its event until it is over, told and closed. */
export interface CountedFiring {
  readonly ledger: { puts: number; gets: number; queries: number; writeUnits: number };
  readonly apiRequests: number;
  readonly polls: number;
  readonly events: number;
  /** Of all functions, as CloudWatch Logs gets it. */
  readonly logKb: number;
}

const RUN_TEST = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const SCENARIO = { id: '5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5', name: 'Happy path', rows: 10 };
/** As many earlier runs as the ledger remembers, and of these, the last ones that have shown how long a run takes. */
const BEFORE = MOST_COMPARED_RUNS;
const AS_LONG = 5;
/** What Lambda's JSON format adds to a line: time, level and request id. */
const LINE_BYTES = 160;

/** Counts a nightly firing whose run takes so long. */
export async function countFiring(minutes: number, settings: Partial<Trigger> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'counted-'));
  const clock = clockAt('2026-11-20T02:00:00Z');
  let runMinutes = 1;
  const memory = await startMemoryLedger();
  const standIn = await startStandInApi({
    runTests: new Map([[RUN_TEST, [SCENARIO]]]),
    apiKey: () => API_KEY,
    courseOf: () => ({ failures: () => 0, ends: 'COMPLETED', durationMs: runMinutes * 60_000 }),
    file: join(directory, 'executions.jsonl'),
    clock: { now: () => clock.now(), sleep: () => Promise.reject(new Error('never')) },
  });
  const paths: string[] = [];
  const front = await serveLoopback(async (request, response) => {
    const { url = '', method = '', headers } = request;
    paths.push(`${method} ${url}`);
    const body = Buffer.concat(await Array.fromAsync(request));
    const answer = await fetch(standIn.url + url, {
      method,
      headers: { authorization: headers.authorization ?? '' },
      ...(method === 'POST' && { body }),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  });
  const published: ServiceEvent[] = [];
  const core = coreOn(memory, front, clock, newSecrets(), published);
  const requests = countRequests(memory.client);
  let logBytes = 0;
  const count = (line: object) => {
    logBytes += JSON.stringify(line).length + LINE_BYTES;
  };
  Object.assign(console, { info: count, warn: count, error: count });
  const triggers = { nightly: { ...NIGHTLY, follow: true, overlap: 'skip', ...settings } as const };
  for (let night = 0; night <= BEFORE; night += 1) {
    if (night >= BEFORE - AS_LONG) runMinutes = minutes;
    requests.take();
    logBytes = 0;
    paths.splice(0);
    published.splice(0);
    const scheduledTime = clock.now().toISOString();
    const inMinutes = (later: number) => new Date(clock.now().getTime() + later * 60_000);
    await trigger(
      { trigger: 'nightly', schedule: 'early', scheduledTime },
      triggers,
      core,
      inMinutes(1),
    );
    for (let minute = 0; await isOpen(); minute += 1) {
      clock.advance(1);
      await sweep(core, inMinutes(1.8));
      if (minute > 2 * minutes + 30) throw new Error('It does not end');
    }
    clock.advance(60);
  }
  await Promise.all([memory.stop(), front.stop(), standIn.stop()]);
  rmSync(directory, { recursive: true });
  return {
    ledger: requests.take(),
    apiRequests: paths.length,
    polls: paths.filter((path) => path.endsWith('/status/')).length,
    events: published.length,
    logKb: logBytes / 1000,
  } satisfies CountedFiring;

  async function isOpen(): Promise<boolean> {
    for await (const _ of memory.ledger.open()) return true;
    return false;
  }
}
