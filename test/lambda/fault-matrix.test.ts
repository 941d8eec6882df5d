import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Firing } from '../../lambda/firing/firing.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import { addMinutes } from '../../lambda/runtime/time.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { trigger } from '../../lambda/trigger/trigger.ts';
import { receive } from '../../lambda/webhook/receive.ts';
import { captureLog } from '../support/captured-log.ts';
import { type Clock, clockAt } from '../support/clock.ts';
import {
  API_KEY,
  type Core,
  coreOn,
  NIGHTLY,
  newSecrets,
  SECRET_KEY,
  signedDelivery,
} from '../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../support/memory-ledger.ts';
import { json, startedBody, startRemoteApi, well } from '../support/remote-api.ts';
import {
  startUnansweringListener,
  type UnansweringListener,
} from '../support/unanswering-listener.ts';
import {
  always,
  answer,
  creating,
  type Fault,
  HTML,
  hang,
  knowsNoField,
  once,
  refused,
  reset,
  rotatedMeanwhile,
  selfSigned,
  switchProtocols,
  trickle,
  truncated,
  unanswered,
  unknownHost,
  withList,
} from './faults.ts';

/** Each fault befalls the next of these: what the secret holds, and what fires. */
const ENTRIES = [
  ['documented', 'schedule'],
  ['key-pair', 'delivery'],
  ['current', 'schedule'],
  ['documented', 'delivery'],
  ['key-pair', 'schedule'],
  ['current', 'delivery'],
] as const;

let memory: MemoryLedger;
let unanswering: UnansweringListener;

beforeAll(async () => {
  memory = await startMemoryLedger();
  unanswering = await startUnansweringListener();
});
afterAll(() => {
  unanswering.stop();
  return memory.stop();
});

beforeEach(() => {
  captureLog();
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

const neverConnects: Fault = ({ api, limits }) => {
  Object.assign(limits, { connectMs: 75, listBeforeMs: 75 });
  api.url = unanswering.url;
  return undefined;
};

const PAIR = JSON.stringify({ apiKey: API_KEY, secretKey: SECRET_KEY });

/** What the secret holds in each dialect; only `key-pair` has to be configured. */
const API_KEYS = { documented: API_KEY, current: PAIR, 'key-pair': PAIR } as const;

const ALL_OF_THEM = [
  '{"selectAll":true,"scenarioIds":[]}',
  '{"select_all":true,"scenario_ids":[]}',
  '{"selectAll":true,"scenarioIds":[],"select_all":true,"scenario_ids":[]}',
];

const inThreeMinutes = new Date('2026-11-24T02:03:00Z').toUTCString();

// fault, executions created on the server, execute requests received, final state
const FAULTS: readonly (readonly [string, Fault, number, number, string])[] = [
  ['none', always(well), 1, 1, 'started'],
  ['connection refused', refused, 0, 0, 'expired'],
  ['unknown host', unknownHost, 0, 0, 'expired'],
  ['TLS failure', selfSigned, 0, 0, 'expired'],
  ['no connection', neverConnects, 0, 0, 'expired'],
  ['reset before anything is created', always(reset), 0, 1, 'unresolved'],
  ['reset after creating', always(creating(reset)), 1, 1, 'started'],
  ['hang before anything is created', unanswered(hang), 0, 1, 'unresolved'],
  ['hang after creating', unanswered(creating(hang)), 1, 1, 'started'],
  ['slow trickle after creating', unanswered(creating(trickle)), 1, 1, 'started'],
  ['200 truncated', always(truncated), 1, 1, 'started'],
  ['200 not JSON', always(creating(answer(200, HTML))), 1, 1, 'started'],
  ['200 of another shape', always(creating(answer(200, { ok: true }))), 1, 1, 'started'],
  ['200 of another shape, nothing created', always(answer(200, { ok: true })), 0, 1, 'unresolved'],
  ['101 after creating', always(creating(switchProtocols)), 1, 1, 'started'],
  [
    '201',
    always(({ response, create }) => json(response, 201, startedBody(create()))),
    1,
    1,
    'started',
  ],
  ['204', always(creating(answer(204, ''))), 1, 1, 'started'],
  ['301', always(answer(301, '', { location: '/moved' })), 0, 1, 'rejected'],
  ['307', always(answer(307, '', { location: '/moved' })), 0, 1, 'rejected'],
  [
    '400 with field details',
    always(answer(400, { details: { simulatorId: ['Must be a valid UUID.'] } })),
    0,
    1,
    'rejected',
  ],
  ['400 unknown fields', once(knowsNoField), 1, 2, 'started'],
  ['400 unknown fields in either casing', always(knowsNoField), 0, 2, 'rejected'],
  [
    '400 failed to start',
    always(creating(answer(400, { message: 'Failed to start test execution' }))),
    1,
    1,
    'started',
  ],
  ['401', always(answer(401, { detail: 'Invalid token.' })), 0, 1, 'rejected'],
  ['401, then the key is rotated', rotatedMeanwhile, 1, 2, 'started'],
  ['402', always(answer(402, { message: 'Not in your plan' })), 0, 1, 'rejected'],
  ['403', always(answer(403, {})), 0, 1, 'rejected'],
  ['404 JSON', always(answer(404, { message: 'Run test not found' })), 0, 1, 'rejected'],
  ['404 HTML', always(answer(404, HTML)), 0, 1, 'rejected'],
  ['409', always(answer(409, {})), 0, 1, 'unresolved'],
  ['422', always(answer(422, {})), 0, 1, 'unresolved'],
  ['429 for 90 s, once', once(answer(429, '', { 'retry-after': '90' })), 1, 2, 'started'],
  [
    '429 until a date, once',
    once(answer(429, HTML, { 'retry-after': inThreeMinutes })),
    1,
    2,
    'started',
  ],
  ['429 for 90 s, always', always(answer(429, '', { 'retry-after': '90' })), 0, 7, 'expired'],
  ['429 for a day', always(answer(429, '', { 'retry-after': '86400' })), 0, 1, 'expired'],
  ['429 without a wish, once', once(answer(429, '')), 1, 2, 'started'],
  ['500, nothing created', always(answer(500, { message: 'Unexpected' })), 0, 1, 'unresolved'],
  ['500 after creating', always(creating(answer(500, { message: 'Unexpected' }))), 1, 1, 'started'],
  ['502 HTML', always(answer(502, HTML)), 0, 1, 'unresolved'],
  ['503 with Retry-After', always(answer(503, HTML, { 'retry-after': '1' })), 0, 1, 'unresolved'],
  ['504 after creating', always(creating(answer(504, HTML))), 1, 1, 'started'],
  ['10 MB answer', always(creating(answer(200, 'x'.repeat(10_000_000)))), 1, 1, 'started'],
  ['unknown, and the list is forbidden', withList(403, reset), 0, 1, 'unresolved'],
  ['unknown, and the list is down', withList(502, creating(reset)), 1, 1, 'unresolved'],
];

const ROWS = FAULTS.map((row, index) => {
  const entry = ENTRIES[index % ENTRIES.length];
  if (!entry) throw new Error('no entry');
  return [...row, ...entry] as const;
});

test.each(ROWS)('%s', async (name, fault, executions, posts, state, dialect, source) => {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const secrets = { ...newSecrets(), 'api-key': API_KEYS[dialect] };
  const api = await startRemoteApi({ now: clock.now });
  const limits = {};
  const undo = await fault({ api, clock, secrets, limits });
  const settings = dialect === 'key-pair' ? { apiDialect: dialect } : {};
  const core = coreOn(memory, api, clock, secrets, [], { ...settings, limits });
  const id = slug(name);
  const triggers = { [id]: { ...NIGHTLY, runTestId: randomUUID() } };
  const firing = await (source === 'schedule' ? fireBySchedule : deliver)(id, triggers, core);
  const last = await sweepUntilFinal(firing, core, clock);
  await undo?.();
  await api.stop();

  expect({
    executions: api.executions.length,
    posts: api.posts.length,
    strays: api.strays,
    state: last.state,
    executionId: last.execution?.id,
  }).toEqual({
    executions,
    posts,
    strays: [],
    state,
    executionId: state === 'started' ? api.executions[0]?.id : undefined,
  });
  expect(JSON.stringify(last)).not.toMatch(new RegExp(`${API_KEY}|${SECRET_KEY}`));
  for (const { headers, body } of api.posts) {
    const isPair = dialect !== 'documented';
    expect(headers['x-secret-key']).toBe(isPair ? SECRET_KEY : undefined);
    expect(headers.authorization === undefined).toBe(isPair);
    expect(ALL_OF_THEM).toContain(body);
  }
});

type Triggers = Readonly<Record<string, Trigger>>;

async function fireBySchedule(name: string, triggers: Triggers, core: Core): Promise<string> {
  const event = { trigger: name, schedule: 'early', scheduledTime: '2026-11-24T02:00:00Z' };
  return (await trigger(event, triggers, core, addMinutes(core.now(), 1))).firing;
}

async function deliver(id: string, triggers: Triggers, core: Core): Promise<string> {
  const answer = await receive(signedDelivery(id, core.now(), '{}', id), triggers, core);
  return JSON.parse(answer.body).firing;
}

/** A sweep a minute, or every five while only the list can tell, but for those that would find nothing due. */
async function sweepUntilFinal(id: string, core: Core, clock: Clock): Promise<Firing> {
  const end = addMinutes(clock.now(), 120);
  while (clock.now() < end) {
    const current = await core.ledger.read(id);
    if (!current) throw new Error(`${id} is lost`);
    if (current.nextCheckAt === undefined) return current;
    const nextCheckAt = new Date(current.nextCheckAt);
    do clock.advance(current.state === 'unknown' ? 5 : 1);
    while (clock.now() < nextCheckAt);
    await sweep(core, addMinutes(clock.now(), 1.5));
  }
  throw new Error(`${id} never ends`);
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
