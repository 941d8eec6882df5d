import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished } from 'vitest';
import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { serveLoopback } from '../../../lib/local/server/http-server.ts';
import { startStandInApi } from '../../../lib/local/stand-in/stand-in-api.ts';
import type { Course } from '../../../lib/local/stand-in/stand-in-executions.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { API_KEY, type Core, coreOn, NIGHTLY, publishNow } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';

export const RUN_TEST = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

export const SCENARIO = { id: '5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5', name: 'Happy path' };

let directory: string;

export let memory: MemoryLedger;

export let clock: Clock;

let log: Record<string, unknown>[];

/** Has each test of the file begin with a clock and a log of its own. */
export function beginAnew(): void {
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'follow-'));
    memory = await startMemoryLedger();
  });
  afterAll(async () => {
    await memory.stop();
    rmSync(directory, { recursive: true });
  });
  beforeEach(() => {
    clock = clockAt('2026-11-24T02:00:00Z');
    log = captureLog();
  });
}

/** What a server in front of the stand-in makes of its answer; undefined: 502. */
export type Distortion = (
  path: string,
  body: string,
) => readonly [status: number, body: string] | undefined;

export const asIs: Distortion = (_, body) => [200, body];

export const PERFECT: Course = { failures: () => 0, ends: 'COMPLETED' };

export interface World {
  readonly core: Core;
  readonly published: ServiceEvent[];
  /** Paths of the GET requests since the start, without those for the reference. */
  readonly reads: string[];
  distortion: Distortion;
  course: Course;
}

export let count = 0;

/** A stand-in with one scenario of so many rows, behind a server that distorts its answers. */
export async function world(rows = 10): Promise<World> {
  count += 1;
  const published: ServiceEvent[] = [];
  const reads: string[] = [];
  const standIn = await startStandInApi({
    runTests: new Map([[RUN_TEST, [{ ...SCENARIO, rows }]]]),
    apiKey: () => API_KEY,
    courseOf: () => own.course,
    file: join(directory, `${count}.jsonl`),
    clock: { now: () => clock.now(), sleep: () => Promise.reject(new Error('never')) },
  });
  const front = await serveLoopback(async (request, response) => {
    const { url = '', method = '', headers } = request;
    const body = Buffer.concat(await Array.fromAsync(request));
    const answer = await fetch(standIn.url + url, {
      method,
      headers: { authorization: headers.authorization ?? '' },
      ...(method === 'POST' && { body }),
    });
    const text = await answer.text();
    if (method === 'GET') reads.push(url.replace(/[0-9a-f-]{36}/g, 'ID'));
    const [status, distorted] =
      method === 'GET'
        ? (own.distortion(url, text) ?? [502, 'Bad Gateway'])
        : [answer.status, text];
    response.writeHead(status, { 'content-type': 'application/json' }).end(distorted);
  });
  onTestFinished(async () => void (await Promise.all([front.stop(), standIn.stop()])));
  const core = coreOn(memory, front, clock, undefined, published);
  const own: World = { core, published, reads, distortion: asIs, course: PERFECT };
  return own;
}

export function inMinutes(minutes: number): Date {
  return new Date(clock.now().getTime() + minutes * 60_000);
}

export async function fire(
  { core, reads }: World,
  settings: Partial<Trigger> = {},
  requestId = 'once',
) {
  const triggers = { [`t-${count}`]: { ...NIGHTLY, follow: true, ...settings } };
  const report = await trigger({ trigger: `t-${count}`, requestId }, triggers, core, inMinutes(1));
  await publishNow(report.firing, core);
  expect(report.state).toBe('started');
  reads.splice(0);
  return report.firing;
}

export async function sweeps({ core }: World, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    clock.advance(1);
    await sweep(core, inMinutes(1.5));
  }
}

export const kinds = ({ published }: World) => published.map(({ kind }) => kind);

export const logged = (event: string) => log.filter((entry) => entry.event === event);
