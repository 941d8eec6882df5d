import { beforeEach, expect, test } from 'vitest';
import { advance } from '../../../lambda/advance.ts';
import type { Trigger, Webhook } from '../../../lambda/firing/trigger.ts';
import type { Ledger } from '../../../lambda/ledger/ledger.ts';
import { receive } from '../../../lambda/webhook/receive.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { json, type RemoteApi, startRemoteApi } from '../../support/remote-api.ts';
import { type Event, type Sender, senderSecrets, sent, TRIGGERS } from '../../support/senders.ts';

let memory: MemoryLedger;
let clock: Clock;
let api: RemoteApi;
let core: Core;
let log: Record<string, unknown>[];
beforeEach(async () => {
  log = captureLog();
  clock = clockAt('2026-11-24T02:00:00Z');
  memory = await startMemoryLedger();
  api = await startRemoteApi({ now: clock.now });
  core = coreOn(memory, api, clock, senderSecrets());
  return async () => {
    await api.stop();
    await memory.stop();
  };
});

const SENDERS: Sender[] = ['nightly', 'github', 'gitlab', 'bearer', 'hmac'];
const bodyOf = (id: string) => JSON.stringify({ id });

async function deliver(event: Event, triggers: Record<string, Trigger> = TRIGGERS, on = core) {
  const { statusCode, body } = await receive(event, triggers, on);
  return { http: statusCode, ...JSON.parse(body) };
}

/** The triggers with these settings on the webhook of one of them. */
function withSettings(
  sender: Sender,
  settings: Partial<Pick<Webhook, 'when' | 'allow' | 'coalesceMinutes'>>,
  trigger: Partial<Trigger> = {},
) {
  const { webhook } = TRIGGERS[sender];
  if (!webhook) throw new Error(`${sender} has no webhook`);
  return {
    ...TRIGGERS,
    [sender]: { ...TRIGGERS[sender], ...trigger, webhook: { ...webhook, ...settings } },
  };
}

test.each(SENDERS)('a redelivery by %s after 3 days starts nothing', async (sender) => {
  const first = await deliver(sent(sender, 'id-1', clock.now(), bodyOf('id-1')));
  clock.advance(3 * 1440);
  const again = await deliver(sent(sender, 'id-1', clock.now(), bodyOf('id-1')));
  expect(first).toMatchObject({ http: 202, state: 'started' });
  expect(again).toEqual({ ...first, http: 200, duplicate: true });
  expect(api.posts).toHaveLength(1);
});

test.each(SENDERS)(
  'two deliveries by %s with different ids start two executions',
  async (sender) => {
    await deliver(sent(sender, 'id-1', clock.now(), bodyOf('id-1')));
    await deliver(sent(sender, 'id-2', clock.now(), bodyOf('id-2')));
    expect(api.posts).toHaveLength(2);
  },
);

test('50 copies of a GitHub delivery at once start one execution', async () => {
  const event = sent('github', 'id-1', clock.now());
  await Promise.all(Array.from({ length: 50 }, () => deliver(event)));
  expect(api.posts).toHaveLength(1);
});

test('a GitHub body replayed under another id gets the firing of the first', async () => {
  const first = await deliver(sent('github', 'id-1', clock.now()));
  clock.advance(3 * 1440);
  expect(await deliver(sent('github', 'id-2', clock.now()))).toMatchObject({
    firing: first.firing,
    joined: true,
  });
  expect(api.posts).toHaveLength(1);
});

test('GitHub’s ping is answered and fires nothing', async () => {
  const event = sent('github', 'id-1', clock.now());
  const ping = { ...event, headers: { ...event.headers, 'x-github-event': 'ping' } };
  expect(await deliver(ping)).toEqual({ http: 200, pong: true });
  expect(log).toEqual([{ event: 'delivery_pinged', trigger: 'github', delivery: 'id-1' }]);
  expect(api.posts).toEqual([]);
});

test('a ping that another sender signs is a delivery like any other', async () => {
  const event = sent('bearer', 'id-1', clock.now());
  await deliver({ ...event, headers: { ...event.headers, 'x-github-event': 'ping' } });
  expect(api.posts).toHaveLength(1);
});

test.each<[string, string, Record<string, string>, string, boolean]>([
  ['true', "body.state == 'success'", {}, '{"state":"success"}', true],
  ['false', "body.state == 'success'", {}, '{"state":"failure"}', false],
  [
    'about a header',
    `headers."x-github-event" == 'push'`,
    { 'x-github-event': 'push' },
    '{}',
    true,
  ],
  ['about the query', "query.env == 'prod'", {}, '{}', true],
  ['null', 'body.missing', {}, '{}', false],
  ['empty', 'body.commits', {}, '{"commits":[]}', false],
  ['zero, which is not empty', 'body.count', {}, '{"count":0}', true],
  ['about a list that is not there', "contains(body.labels, 'x')", {}, '{}', false],
  [
    'about a form',
    "body.state == 'success'",
    { 'content-type': 'application/x-www-form-urlencoded' },
    `payload=${encodeURIComponent('{"state":"success"}')}`,
    true,
  ],
])('a filter that is %s', async (_name, when, headers, body, fires) => {
  const event = sent('github', 'id-1', clock.now(), body);
  const answer = await deliver(
    { ...event, headers: { ...event.headers, ...headers }, queryStringParameters: { env: 'prod' } },
    withSettings('github', { when }),
  );
  expect(api.posts).toHaveLength(fires ? 1 : 0);
  if (!fires) expect(answer).toEqual({ http: 202, skipped: 'filter' });
  if (!fires)
    expect(log).toMatchObject([{ event: 'delivery_skipped', trigger: 'github', delivery: 'id-1' }]);
});

const A = '5C1C30D3-7A39-4B94-9D34-5FF14D2B34F5';
const B = 'f3a3b7b7-6b0c-4d3a-8a50-0a4f8b2b7a11';
const lower = A.toLowerCase();

test.each<[string, unknown, string]>([
  ['nothing', {}, `{"selectAll":false,"scenarioIds":["${B}"]}`],
  ['scenarios', { scenarioIds: [A] }, `{"selectAll":false,"scenarioIds":["${lower}"]}`],
  ['everything', { selectAll: true, scenarioIds: [] }, '{"selectAll":true,"scenarioIds":[]}'],
  [
    'a simulator',
    { simulatorId: B },
    `{"selectAll":false,"scenarioIds":["${B}"],"simulatorId":"${B}"}`,
  ],
  [
    'other things',
    { runTestId: A, execute: { selectAll: true }, onUnknown: 'resend' },
    `{"selectAll":false,"scenarioIds":["${B}"]}`,
  ],
])('a delivery that chooses %s', async (_name, body, received) => {
  const triggers = withSettings(
    'bearer',
    { allow: ['scenarioIds', 'selectAll', 'simulatorId'] },
    { execute: { selectAll: false, scenarioIds: [B] } },
  );
  await deliver(sent('bearer', 'id-1', clock.now(), JSON.stringify(body)), triggers);
  expect(api.posts.map((post) => post.body)).toEqual([received]);
});

test('a choice of no scenario is refused, since the API would run all of them', async () => {
  const triggers = withSettings(
    'bearer',
    { allow: ['scenarioIds'] },
    { execute: { selectAll: false, scenarioIds: [B] } },
  );
  const event = sent('bearer', 'id-1', clock.now(), '{"scenarioIds":[]}');
  expect(await deliver(event, triggers)).toEqual({
    http: 400,
    error: 'bad_request',
    message: 'scenarioIds is empty with selectAll: false, which would run every scenario',
  });
  expect(api.posts).toEqual([]);
});

const COALESCING = withSettings('bearer', { coalesceMinutes: 2, allow: ['scenarioIds'] });
const burst = (id: string, body = '{}') =>
  deliver(sent('bearer', id, clock.now(), body), COALESCING);

test('a burst becomes one firing, and each of its deliveries keeps it for days', async () => {
  const first = await burst('id-1');
  clock.advance(1.9);
  expect(await burst('id-2')).toMatchObject({ firing: 'bearer:delivery:id-1', joined: true });
  expect(log.at(-1)).toEqual({
    event: 'delivery_joined',
    firing: 'bearer:delivery:id-1',
    trigger: 'bearer',
    delivery: 'id-2',
  });
  clock.advance(0.2);
  expect(await burst('id-3')).toMatchObject({ firing: 'bearer:delivery:id-3', state: 'started' });
  clock.advance(7 * 1440 - 10);
  expect(await burst('id-2')).toMatchObject({ firing: first.firing, joined: true });
  expect(await burst('id-1')).toMatchObject({ firing: first.firing, duplicate: true });
  expect(api.posts).toHaveLength(2);
  expect(await burst('id-4')).toMatchObject({ firing: 'bearer:delivery:id-4', state: 'started' });
});

test('a delivery from before the trigger had bursts keeps its firing', async () => {
  const first = await deliver(sent('bearer', 'id-1', clock.now()));
  await burst('id-2');
  expect(await burst('id-1')).toEqual({ ...first, http: 200, duplicate: true });
});

test('a burst never spans two run tests', async () => {
  const { runTestId: _, ...unnamed } = COALESCING.bearer;
  for (const [id, runTest] of [
    ['id-1', 'Alpha'],
    ['id-2', 'Beta'],
  ] as const) {
    const answer = await deliver(sent('bearer', id, clock.now()), {
      ...COALESCING,
      bearer: { ...unnamed, runTest },
    });
    expect(answer).toMatchObject({ firing: `bearer:delivery:${id}` });
  }
});

test('50 deliveries at once become one firing', async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => burst(`id-${index}`)));
  expect(new Set(answers.map(({ firing }) => firing)).size).toBe(1);
  expect(api.posts).toHaveLength(1);
});

test('deliveries that choose other scenarios do not join', async () => {
  await burst('id-1', `{"scenarioIds":["${A}"]}`);
  await burst('id-2', `{"scenarioIds":["${B}"]}`);
  await burst('id-3', `{"scenarioIds":["${lower}"]}`);
  expect(api.posts).toHaveLength(2);
});

test.each([1, 2, 3])(
  'when the first of a burst dies after step %i, the next one fires for it, and nothing fires twice',
  async (steps) => {
    let left = steps;
    const dying = <T>(write: () => Promise<T>): Promise<T> => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('killed')) : write();
    };
    const ledger: Ledger = {
      ...core.ledger,
      claim: (...args: Parameters<typeof core.ledger.claim>) =>
        dying(() => core.ledger.claim(...args)),
      record: (...args: Parameters<typeof core.ledger.record>) =>
        dying(() => core.ledger.record(...args)),
    };
    const handOver = () => dying(async () => undefined);
    const event = sent('bearer', 'id-1', clock.now());
    await expect(receive(event, COALESCING, { ...core, ledger, handOver })).rejects.toThrow(
      'killed',
    );
    expect(await burst('id-2')).toMatchObject({ firing: 'bearer:delivery:id-1', joined: true });
    expect(await burst('id-1')).toMatchObject({ firing: 'bearer:delivery:id-1' });
    const firing = await core.ledger.read('bearer:delivery:id-1');
    if (firing) await advance(firing, core, new Date(clock.now().getTime() + 60_000));
    expect(api.posts).toHaveLength(1);
  },
);

test.each(SENDERS)('%s reads what became of its firing', async (sender) => {
  api.treatment = ({ response }) => json(response, 429, {}, { 'retry-after': '60' });
  const { firing } = await deliver(sent(sender, 'id-1', clock.now(), bodyOf('id-1')));
  const read = async (id: string) =>
    deliver({
      ...sent(sender, 'read-1', clock.now(), ''),
      pathParameters: { trigger: sender, firing: id },
    });
  expect(await read(firing)).toMatchObject({ firing, state: 'due' });
  expect(api.posts).toHaveLength(1);
});

test('a firing of another trigger, or a claim on one, is not there for a reader', async () => {
  await deliver(sent('github', 'id-1', clock.now()));
  await burst('id-1');
  const ids = ['github:delivery:id-1', '/bearer:delivery:id-1'];
  const held = [
    await core.ledger.read('github:delivery:id-1'),
    await core.ledger.claimed('/bearer:delivery:id-1', clock.now()),
  ];
  expect(held.map((item) => item?.id)).toEqual(ids);
  for (const firing of ids) {
    const event = {
      ...sent('bearer', 'read-1', clock.now(), ''),
      pathParameters: { trigger: 'bearer', firing },
    };
    expect(await deliver(event)).toEqual({ http: 404, error: 'not_found' });
  }
});

test('a start that takes longer than the answer waits is answered with its state', async () => {
  const waits: string[] = [];
  const slow: Core = {
    ...core,
    handOver: async (_, until) => void waits.push(until.toISOString()),
  };
  expect(await deliver(sent('github', 'id-1', clock.now()), TRIGGERS, slow)).toMatchObject({
    http: 202,
    state: 'due',
  });
  expect(waits).toEqual(['2026-11-24T02:00:02.000Z']);
});
