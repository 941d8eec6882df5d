import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { ServiceEvent } from '../../lambda/firing/service-event.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { trigger } from '../../lambda/trigger/trigger.ts';
import { serveLoopback } from '../../lib/local/server/http-server.ts';
import { isAuthorised } from '../../lib/local/stand-in/stand-in-dialect.ts';
import { type Course, openExecutions } from '../../lib/local/stand-in/stand-in-executions.ts';
import { answerTo } from '../../lib/local/stand-in/stand-in-operations.ts';
import { errorBody } from '../../lib/local/stand-in/stand-in-request.ts';
import { captureLog } from './captured-log.ts';
import { type Clock, clockAt } from './clock.ts';
import { API_KEY, type Core, coreOn, NIGHTLY, publishNow } from './fixture.ts';
import { type MemoryLedger, startMemoryLedger } from './memory-ledger.ts';

export const RUN_TEST = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
export const SCENARIO = { id: '5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5', name: 'Happy path' };

/** What a server in front of the stand-in makes of its answer; undefined: 502. */
export type Distortion = (
  path: string,
  body: string,
) => readonly [status: number, body: string] | undefined;

export const asIs: Distortion = (_, body) => [200, body];
/** The stand-in's own answers, also where they are errors. */
export const PERFECT: Course = { failures: () => 0, ends: 'COMPLETED' };
/** The first calls fail. */
export const failing = (failures: number): Course => ({
  ...PERFECT,
  failures: (calls) => Math.min(calls, failures),
});

export interface World {
  readonly core: Core;
  /** The name of its one trigger. */
  readonly trigger: string;
  readonly published: ServiceEvent[];
  /** Paths of the GET requests since the start, without those for the known executions. */
  readonly reads: string[];
  distortion: Distortion;
  course: Course;
  /** What becomes of an answer to a POST; undefined: the connection is reset. */
  answer: (status: number, body: string) => readonly [status: number, body: string] | undefined;
}

/** What each test of following an execution has: a ledger for the file, a clock and a log for the test. */
export interface FollowTests {
  readonly ledger: MemoryLedger['ledger'];
  readonly clock: Clock;
  world(rows?: number): Promise<World>;
  fire(world: World, settings?: Partial<Trigger>, requestId?: string): Promise<string>;
  /** Lets so many minutes pass, with a sweep after every one, or after each `every`. */
  sweeps(world: World, minutes: number, every?: number): Promise<void>;
  logged(event: string): Record<string, unknown>[];
  inMinutes(minutes: number): Date;
}

export const kinds = ({ published }: World) => published.map(({ kind }) => kind);

let count = 0;

/** To be called at the top of a test file. */
export function followTests(): FollowTests {
  const directory = mkdtempSync(join(tmpdir(), 'follow-'));
  const servers: { stop(): Promise<unknown> }[] = [];
  let memory: MemoryLedger;
  let clock: Clock;
  let log: Record<string, unknown>[];
  beforeAll(async () => {
    begin();
    memory = await startMemoryLedger();
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await memory.stop();
    rmSync(directory, { recursive: true });
  });
  const begin = () => {
    clock = clockAt('2026-11-24T02:00:00Z');
    log = captureLog();
  };
  beforeEach(begin);
  const inMinutes = (minutes: number) => new Date(clock.now().getTime() + minutes * 60_000);

  return {
    inMinutes,
    get ledger() {
      return memory.ledger;
    },
    get clock() {
      return clock;
    },
    logged: (event) => log.filter((entry) => entry.event === event),

    /** A server that distorts the answers of a stand-in with one scenario of so many rows. */
    async world(rows = 10) {
      count += 1;
      const published: ServiceEvent[] = [];
      const reads: string[] = [];
      const executions = openExecutions(join(directory, `${count}.jsonl`), () => own.course);
      const runTests = new Map([[RUN_TEST, [{ ...SCENARIO, rows }]]]);
      const standIn = { server: 'documented', runTests, namedRunTests: [], executions } as const;
      const front = await serveLoopback(async (request, response) => {
        const { url = '', method = '', headers } = request;
        const body = Buffer.concat(await Array.fromAsync(request)).toString();
        const { pathname, searchParams: query } = new URL(url, 'http://localhost');
        const asked = { ...standIn, query, body, now: clock.now() };
        const { status: said, body: told } = isAuthorised('documented', headers, API_KEY)
          ? answerTo(method, pathname, asked)
          : { status: 401, body: 'no key' };
        const text = JSON.stringify(typeof told === 'string' ? errorBody(said, told) : told);
        if (method === 'GET') reads.push(url.replace(/[0-9a-f-]{36}/g, 'ID'));
        const given =
          method === 'GET'
            ? (own.distortion(url, text) ?? [502, 'Bad Gateway'])
            : own.answer(said, text);
        if (!given) return void request.socket.destroy();
        const [status, distorted] = given;
        response.writeHead(status, { 'content-type': 'application/json' }).end(distorted);
      });
      servers.push(front);
      const core = coreOn(memory, front, clock, undefined, published);
      const own: World = {
        core,
        trigger: `t-${count}`,
        published,
        reads,
        distortion: asIs,
        course: PERFECT,
        answer: (status, body) => [status, body],
      };
      return own;
    },

    async fire({ core, trigger: name, reads }, settings = {}, requestId = 'once') {
      const triggers = { [name]: { ...NIGHTLY, follow: true, ...settings } };
      const report = await trigger({ trigger: name, requestId }, triggers, core, inMinutes(1));
      await publishNow(report.firing, core);
      expect(report.state).toBe('started');
      reads.splice(0);
      return report.firing;
    },

    async sweeps({ core }, minutes, every = 1) {
      for (let minute = 0; minute < minutes; minute += every) {
        clock.advance(every);
        await sweep(core, inMinutes(1.5));
      }
    },
  };
}
