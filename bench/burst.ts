import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Trigger } from '../lambda/firing/trigger.ts';
import { LIMITS } from '../lambda/runtime/limits.ts';
import { sweep } from '../lambda/sweep/sweep.ts';
import { workTime } from '../lambda/sweep/work-time.ts';
import { trigger } from '../lambda/trigger/trigger.ts';
import { sweepWaker } from '../lambda/trigger/wake-sweep.ts';
import { coreOn, NIGHTLY } from '../test/support/fixture.ts';
import { ledgerInMemory } from './ledger-in-memory.ts';
import { table } from './table.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

/** What the server takes in any second; beyond that it answers 429. */
const TAKES = 10;
const REFUSED_AFTER_MS = 60;
/** Each request to the ledger. */
const LEDGER_MS = 5;
/** Events that Lambda runs at once (`reservedConcurrency.trigger`), and the time limits of both functions. */
const PLACES = 10;
const TRIGGER_MS = 60_000;
const SWEEP_MS = 110_000;
/** Of the events of the sweep (lib/stack/functions.ts). */
const SWEEP_EVENT_AGE_MS = 60_000;
/** To ask Lambda for an invocation, and until it begins. */
const INVOKE_MS = 50;
/** The sweep of the schedule comes in the middle of the minute. */
const FIRST_SWEEP_MS = 30_000;
const DUE = new Date('2026-11-24T02:00:00Z');

const CASES = [
  { due: 300, postMs: 300, deadlineMinutes: 60 },
  { due: 2_000, postMs: 300, deadlineMinutes: 15 },
  { due: 2_000, postMs: 1_500, deadlineMinutes: 15 },
  { due: 10_000, postMs: 300, deadlineMinutes: 15 },
  { due: 10_000, postMs: 300, deadlineMinutes: 60 },
  { due: 10_000, postMs: 1_500, deadlineMinutes: 15 },
  { due: 10_000, postMs: 1_500, deadlineMinutes: 60 },
];
type Case = (typeof CASES)[number];

/** Many triggers that are due at the same minute, through the real handlers, in simulated time. */
export async function burst(): Promise<string> {
  const rows: string[][] = [];
  for (const each of CASES) rows.push(await drain(each));
  return `${EXPLAINED}\n\n${table(HEAD, rows)}`;
}

const EXPLAINED = `So many triggers with a run test of their own are due at 02:00, at a server that takes ${TAKES} starts in any second and answers 429 beyond, with \`Retry-After: 1\`. The code of the functions is the real one, over real sockets; the ledger is in memory, with the conditions of the real one, and the time is simulated: a request to the ledger takes ${LEDGER_MS} ms, a 429 ${REFUSED_AFTER_MS} ms, the list of executions nothing. ${PLACES} events are handled at once; the schedule causes a sweep at the half of each minute, and what is only recorded wakes one. Ideal: ${TAKES} a second from the first moment, until the deadline.`;
const HEAD = [
  'due',
  'POST',
  'deadline',
  'started',
  'twice',
  'expired',
  'minutes',
  '× ideal',
  'POSTs a start',
];

async function drain({ due, postMs, deadlineMinutes }: Case): Promise<string[]> {
  const time = virtualTime(DUE);
  const ledger = ledgerInMemory(time, LEDGER_MS);
  const server = await startServer(time, postMs);
  const counts = countLog();
  const instance = () => coreOn({ ledger }, server, time, undefined, [], { limits: LIMITS });
  const inWorkTime = workTime(time.now);
  const sweeping = instance();
  let isBusy = false;
  // As Lambda's queue does it: while the sweep runs, its event is put off for longer and longer, up to a minute.
  const invokeSweep = async (event: object) => {
    for (let waited = 0, wait = 1_000; isBusy; waited += wait, wait *= 2) {
      if (waited + wait > SWEEP_EVENT_AGE_MS) return;
      await time.sleep(wait);
    }
    isBusy = true;
    const until = new Date(time.now().getTime() + SWEEP_MS);
    await inWorkTime(event, (workUntil) =>
      sweep(sweeping, until, { workUntil, sleep: time.sleep }),
    );
    isBusy = false;
  };
  const lambda = {
    async invoke({ Payload }: { readonly Payload: string }) {
      await time.sleep(INVOKE_MS);
      void time.sleep(INVOKE_MS).then(() => invokeSweep(JSON.parse(Payload)));
    },
  };
  const names = Array.from({ length: due }, (_, index) => `t${index}`);
  const queue = names.values();
  const place = async () => {
    const core = {
      ...instance(),
      wakeSweep: sweepWaker(lambda, 'sweep', { ledger, now: time.now }),
    };
    for (const name of queue) {
      const event = { trigger: name, schedule: 'early', scheduledTime: '2026-11-24T02:00:00Z' };
      const until = new Date(time.now().getTime() + TRIGGER_MS);
      await trigger(event, { [name]: triggerOf(name, deadlineMinutes) }, core, until);
    }
  };
  const minutes = async () => {
    await time.sleep(FIRST_SWEEP_MS);
    for (; counts.started + counts.expired < due; await time.sleep(60_000)) void invokeSweep({});
  };
  await time.run(Promise.all([...Array.from({ length: PLACES }, place), minutes()]));
  await server.stop();
  const { firstAt, lastAt, posts, taken } = server.counts;
  const seconds = (lastAt - DUE.getTime()) / 1000;
  const ideal = Math.min(due, deadlineMinutes * 60 * TAKES) / TAKES;
  if (firstAt === 0) throw new Error('Nothing started');
  return [
    due.toLocaleString('en'),
    `${postMs / 1000} s`,
    `${deadlineMinutes} min`,
    counts.started.toLocaleString('en'),
    String([...taken.values()].filter((times) => times > 1).length),
    counts.expired.toLocaleString('en'),
    (seconds / 60).toFixed(1),
    (seconds / ideal).toFixed(2),
    (posts / counts.started).toFixed(2),
  ];
}

function triggerOf(name: string, startDeadlineMinutes: number): Trigger {
  const number = name.slice(1).padStart(12, '0');
  const runTestId = `00000000-0000-4000-8000-${number}`;
  return { ...NIGHTLY, runTestId, overlap: 'skip', startDeadlineMinutes };
}

async function startServer(time: VirtualTime, postMs: number) {
  const counts = { posts: 0, firstAt: 0, lastAt: 0, taken: new Map<string, number>() };
  let recent: number[] = [];
  const answer = (response: ServerResponse, status: number, body: object) =>
    response
      .writeHead(status, {
        'content-type': 'application/json',
        ...(status === 429 && { 'retry-after': '1' }),
      })
      .end(JSON.stringify(body));
  const server = createServer(async (request, response) => {
    await time.working(() => Array.fromAsync(request));
    if (request.method === 'GET') {
      return void answer(response, 200, { count: 0, results: [], total_pages: 1 });
    }
    const at = time.now().getTime();
    counts.posts += 1;
    recent = recent.filter((before) => before > at - 1000);
    const path = request.url ?? '';
    if (recent.length >= TAKES) {
      await time.sleep(REFUSED_AFTER_MS);
      return void answer(response, 429, { detail: 'Request was throttled.' });
    }
    recent.push(at);
    counts.taken.set(path, (counts.taken.get(path) ?? 0) + 1);
    counts.firstAt ||= at;
    counts.lastAt = at;
    await time.sleep(postMs);
    const id = crypto.randomUUID();
    answer(response, 200, { execution_id: id, status: 'PENDING', total_scenarios: 1 });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not listening on TCP');
  return {
    url: `http://127.0.0.1:${address.port}`,
    counts,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Counts what the functions log from now on. */
function countLog() {
  const counts = { started: 0, expired: 0 };
  const count = ({ event }: { event?: string } = {}) => {
    if (event === 'execution_started') counts.started += 1;
    if (event === 'start_expired') counts.expired += 1;
  };
  console.info = count;
  console.warn = count;
  console.error = count;
  return counts;
}
