import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { receive } from '../../../lambda/webhook/receive.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY, type Secrets, WEBHOOK_SECRET } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { type RemoteApi, startRemoteApi } from '../../support/remote-api.ts';
import { runs } from '../../support/runs.ts';
import {
  type Event,
  type Sender,
  senderSecrets,
  sent,
  TEXT_SECRET,
  TRIGGERS,
} from '../../support/senders.ts';

const { webhook: _, ...UNHOOKED } = NIGHTLY;
const CHOOSY: Trigger = {
  ...NIGHTLY,
  webhook: { verify: 'bearer', secret: 'hooks/bearer', allow: ['scenarioIds'], when: 'body' },
};
const DEPLOYED: Record<string, Trigger> = { ...TRIGGERS, unhooked: UNHOOKED, choosy: CHOOSY };

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());

let clock: Clock;
let api: RemoteApi;
let secrets: Secrets;
let core: Core;
let log: Record<string, unknown>[];
beforeEach(async () => {
  log = captureLog();
  clock = clockAt('2026-11-24T02:00:00Z');
  secrets = senderSecrets();
  api = await startRemoteApi({ now: clock.now });
  core = coreOn(memory, api, clock, secrets);
  return api.stop;
});

const at = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000);
let count = 0;
const right = (sender: Sender, body?: string, now = clock.now()) => {
  count += 1;
  return sent(sender, `id-${count}`, now, body ?? `{"id":"evt-${count}"}`);
};
const withHeaders = (event: Event, headers: Record<string, string>): Event => ({
  ...event,
  headers: { ...event.headers, ...headers },
});
const without = (event: Event, ...names: string[]): Event => ({
  ...event,
  headers: Object.fromEntries(
    Object.entries(event.headers).filter(([name]) => !names.includes(name)),
  ),
});
const withHeader = (event: Event, name: string, change: (value: string) => string) =>
  withHeaders(event, { [name]: change(event.headers[name] ?? '') });
const to = (event: Event, trigger: string): Event => ({ ...event, pathParameters: { trigger } });
const choosing = (body: string, headers = {}) =>
  withHeaders(to(right('bearer', body), 'choosy'), headers);
const reading = (event: Event, firing: string): Event => ({
  ...event,
  pathParameters: { ...event.pathParameters, firing },
});
const SCENARIO = '5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5';

const paths = [
  '',
  '.',
  '..',
  '../nightly',
  'nightly/',
  'nightly/../github',
  '%6eightly',
  'nightly%00',
  'nightly\0',
  'Nightly',
  'NIGHTLY',
  ' nightly',
  'nightly ',
  'níghtly',
  'nightlу',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'unhooked',
  'x'.repeat(10_000),
].map((path): [string, () => Event, number] => [
  `the trigger ${JSON.stringify(path.slice(0, 20))}`,
  () => to(right('nightly'), path),
  401,
]);

const table: [string, () => Event, number][] = [
  ...paths,
  // Standard Webhooks
  ['no headers at all', () => ({ ...right('nightly'), headers: {} }), 401],
  ['no signature', () => without(right('nightly'), 'webhook-signature'), 401],
  ['no id', () => without(right('nightly'), 'webhook-id'), 401],
  ['no timestamp', () => without(right('nightly'), 'webhook-timestamp'), 401],
  ['a stale signature', () => right('nightly', '{}', at(-301)), 401],
  ['a signature from the future', () => right('nightly', '{}', at(301)), 401],
  [
    'a moved timestamp',
    () => withHeaders(right('nightly', '{}', at(-400)), { 'webhook-timestamp': '1795485600' }),
    401,
  ],
  [
    'a timestamp in milliseconds',
    () => withHeader(right('nightly'), 'webhook-timestamp', (v) => `${v}000`),
    401,
  ],
  [
    'a timestamp with a tail',
    () => withHeader(right('nightly'), 'webhook-timestamp', (v) => `${v}abc`),
    401,
  ],
  [
    'a fractional timestamp',
    () => withHeader(right('nightly'), 'webhook-timestamp', (v) => `${v}.5`),
    401,
  ],
  [
    'a hexadecimal timestamp',
    () => withHeaders(right('nightly'), { 'webhook-timestamp': '0x6B04F1A0' }),
    401,
  ],
  [
    'a timestamp that is not a number',
    () => withHeaders(right('nightly'), { 'webhook-timestamp': 'NaN' }),
    401,
  ],
  [
    'a negative timestamp',
    () => withHeader(right('nightly'), 'webhook-timestamp', (v) => `-${v}`),
    401,
  ],
  [
    'Arabic digits',
    () => withHeaders(right('nightly'), { 'webhook-timestamp': '١٧٩٥٤٨٥٦٠٠' }),
    401,
  ],
  [
    'a joined timestamp',
    () => withHeader(right('nightly'), 'webhook-timestamp', (v) => `${v},${v}`),
    401,
  ],
  ['a joined id', () => withHeader(right('nightly'), 'webhook-id', (v) => `${v},${v}`), 401],
  ['another id', () => withHeaders(right('nightly'), { 'webhook-id': 'other' }), 401],
  [
    'an id with the dot moved',
    () => withHeader(right('nightly'), 'webhook-id', (v) => `${v}.1`),
    401,
  ],
  [
    'a truncated signature',
    () => withHeader(right('nightly'), 'webhook-signature', (v) => v.slice(0, -4)),
    401,
  ],
  ['an empty signature', () => withHeaders(right('nightly'), { 'webhook-signature': 'v1,' }), 401],
  [
    'a signature in capitals',
    () => withHeader(right('nightly'), 'webhook-signature', (v) => v.toUpperCase()),
    401,
  ],
  [
    'another version',
    () => withHeader(right('nightly'), 'webhook-signature', (v) => v.replace('v1', 'v1a')),
    401,
  ],
  ['no version', () => withHeader(right('nightly'), 'webhook-signature', (v) => v.slice(3)), 401],
  [
    '10,000 signatures',
    () => withHeaders(right('nightly'), { 'webhook-signature': 'v1,AAAA '.repeat(10_000) }),
    401,
  ],
  ['a body serialised again', () => ({ ...right('nightly', '{ "a": 1 }'), body: '{"a":1}' }), 401],
  ['a body with a line break more', () => ({ ...right('nightly', '{}'), body: '{}\n' }), 401],
  [
    'a body in another normal form',
    () => ({ ...right('nightly', '{"a":"é"}'), body: '{"a":"e\u0301"}' }),
    401,
  ],
  ['a body with a byte order mark', () => ({ ...right('nightly', '{}'), body: '\ufeff{}' }), 401],
  [
    'a body that is not there',
    () => {
      const { body, ...rest } = right('nightly', '{}');
      return rest;
    },
    401,
  ],
  [
    'a body that is called base64',
    () => ({ ...right('nightly', '{}'), isBase64Encoded: true }),
    401,
  ],
  ['a signature for another trigger', () => to(right('github'), 'hmac'), 401],
  [
    'a header that is called like a prototype',
    () => ({ ...right('nightly'), headers: JSON.parse('{"__proto__":"x"}') }),
    401,
  ],
  ['a right signature over nothing', () => right('nightly', ''), 400],
  ['a body over 1 MiB', () => right('nightly', 'x'.repeat(1_048_577)), 413],
  // GitHub
  ['GitHub without a signature', () => without(right('github'), 'x-hub-signature-256'), 401],
  [
    'GitHub’s old SHA-1 signature',
    () =>
      withHeaders(without(right('github'), 'x-hub-signature-256'), {
        'x-hub-signature': `sha1=${'a'.repeat(40)}`,
      }),
    401,
  ],
  [
    'a joined GitHub signature',
    () => withHeader(right('github'), 'x-hub-signature-256', (v) => `${v},${v}`),
    401,
  ],
  ['a GitHub signature of nothing', () => withHeaders(right('github', ''), {}), 400],
  ['GitHub without a delivery id', () => without(right('github'), 'x-github-delivery'), 400],
  [
    'a ping that is not GitHub’s',
    () =>
      withHeaders(right('github'), {
        'x-github-event': 'ping',
        'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
      }),
    401,
  ],
  ['GitHub’s ping', () => withHeaders(right('github'), { 'x-github-event': 'ping' }), 200],
  // GitLab
  ['GitLab without a token', () => without(right('gitlab'), 'x-gitlab-token'), 401],
  ['an empty GitLab token', () => withHeaders(right('gitlab'), { 'x-gitlab-token': '' }), 401],
  [
    'the beginning of the GitLab token',
    () => withHeader(right('gitlab'), 'x-gitlab-token', (v) => v.slice(0, -1)),
    401,
  ],
  [
    'a joined GitLab token',
    () => withHeader(right('gitlab'), 'x-gitlab-token', (v) => `${v},${v}`),
    401,
  ],
  ['GitLab without an id', () => without(right('gitlab'), 'idempotency-key'), 400],
  // bearer
  ['no token', () => without(right('bearer'), 'authorization'), 401],
  [
    'the token without its scheme',
    () => withHeaders(right('bearer'), { authorization: TEXT_SECRET }),
    401,
  ],
  [
    'the token as a password',
    () => withHeaders(right('bearer'), { authorization: `Basic ${btoa(`u:${TEXT_SECRET}`)}` }),
    401,
  ],
  ['two tokens', () => withHeader(right('bearer'), 'authorization', (v) => `${v},${v}`), 401],
  [
    'the token in other case',
    () => withHeader(right('bearer'), 'authorization', (v) => v.toUpperCase()),
    401,
  ],
  [
    'the token in the query',
    () => ({
      ...without(right('bearer'), 'authorization'),
      queryStringParameters: { token: TEXT_SECRET },
    }),
    401,
  ],
  ['a bearer without Idempotency-Key', () => without(right('bearer'), 'idempotency-key'), 400],
  ['an empty Idempotency-Key', () => withHeaders(right('bearer'), { 'idempotency-key': '' }), 400],
  // hmac
  ['hmac without its header', () => without(right('hmac'), 'x-signature'), 401],
  [
    'hmac without a timestamp',
    () => withHeader(right('hmac'), 'x-signature', (v) => v.replace(/^t=\d+,/, '')),
    401,
  ],
  [
    'hmac with two timestamps',
    () => withHeader(right('hmac'), 'x-signature', (v) => `t=1,${v}`),
    401,
  ],
  ['hmac, stale', () => right('hmac', '{"id":"stale"}', at(-301)), 401],
  [
    'hmac, moved in time',
    () =>
      withHeader(right('hmac', '{"id":"a"}', at(-301)), 'x-signature', (v) =>
        v.replace(/t=\d+/, 't=1795485600'),
      ),
    401,
  ],
  ['hmac without the id in its body', () => right('hmac', '{"no":"id"}'), 400],
  ['hmac with an id that is an object', () => right('hmac', '{"id":{}}'), 400],
  ['hmac with an id of half a megabyte', () => right('hmac', `{"id":"${'x'.repeat(5e5)}"}`), 400],
  ['hmac with an inherited id', () => right('hmac', '{"__proto__":{"id":"x"}}'), 400],
  // what a verified sender may not do
  ['JSON that cannot be read', () => choosing('{"a":'), 400],
  ['deep JSON that never ends', () => choosing('['.repeat(500_000)), 400],
  ['XML', () => choosing('<a/>', { 'content-type': 'application/xml' }), 415],
  [
    'a form without payload',
    () => choosing('a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
    415,
  ],
  ['a choice that is not allowed', () => choosing('{"selectAll":true}'), 400],
  ['a choice where none is allowed', () => right('bearer', `{"scenarioIds":["${SCENARIO}"]}`), 400],
  ['a choice in the other casing', () => choosing(`{"scenario_ids":["${SCENARIO}"]}`), 400],
  [
    'a choice in the other casing where none is allowed',
    () => right('bearer', '{"select_all":true}'),
    400,
  ],
  ['a choice by name', () => choosing('{"scenarios":["Alpha"]}'), 400],
  [
    'a choice in deep JSON that ends',
    () => choosing(`{"scenarioIds":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
    400,
  ],
  ['an id that is no UUID', () => choosing('{"scenarioIds":["../../x"]}'), 400],
  ['ids that are no list', () => choosing(`{"scenarioIds":"${SCENARIO}"}`), 400],
  ['ids in a list of lists', () => choosing(`{"scenarioIds":[["${SCENARIO}"]]}`), 400],
  ['101 ids', () => choosing(JSON.stringify({ scenarioIds: Array(101).fill(SCENARIO) })), 400],
  ['null as ids', () => choosing('{"scenarioIds":null}'), 400],
  // readers
  [
    'a reader without a signature',
    () => reading(without(right('nightly', ''), 'webhook-signature'), 'nightly:delivery:x'),
    401,
  ],
  [
    'a reader with the signature of a delivery',
    () => reading({ ...right('nightly'), body: '' }, 'nightly:delivery:x'),
    401,
  ],
  ['a firing that is not there', () => reading(right('nightly', ''), 'nightly:delivery:none'), 404],
  ['a firing of another trigger', () => reading(right('nightly', ''), 'github:delivery:x'), 404],
  ['a claim instead of a firing', () => reading(right('nightly', ''), '/nightly:delivery:x'), 404],
  ['a prototype’s name as a firing', () => reading(right('nightly', ''), '__proto__'), 404],
];

test('the table has at least 60 rows', () => {
  expect(table.length).toBeGreaterThanOrEqual(60);
});

test.each(table)('%s starts nothing', async (_name, event, status) => {
  const answer = await receive(event(), DEPLOYED, core);
  expect(answer.statusCode).toBe(status);
  if (status === 401) expect(answer.body).toBe('{"error":"unverified"}');
  expect(api.posts).toEqual([]);
  expect(log.length).toBeLessThanOrEqual(1);
  for (const secret of [TEXT_SECRET, WEBHOOK_SECRET, ...proofsIn(event())]) {
    expect(JSON.stringify(log)).not.toContain(secret);
  }
});

/** What a reader of the log could use to send such a request. */
function proofsIn({ headers }: Event): string[] {
  return Object.values(PROOFS).flatMap((name) => headers[name]?.match(/[\w+/]{30,}/g) ?? []);
}

test.each(['', 'short', '   ', 'é'.repeat(30), `${TEXT_SECRET} short`])(
  'with the unusable secret %j nobody is let in',
  async (secret) => {
    for (const sender of ['github', 'gitlab', 'bearer', 'hmac'] as const) {
      secrets[`hooks/${sender}`] = secret;
      expect((await receive(right(sender), DEPLOYED, core)).statusCode).toBe(401);
    }
    expect(api.posts).toEqual([]);
  },
);

test.each(['nightly', 'github', 'gitlab', 'bearer', 'hmac'] as const)(
  'the delivery of %s that these requests are made from does start one, and its replay nothing',
  async (sender) => {
    const event = right(sender);
    expect((await receive(event, DEPLOYED, core)).statusCode).toBe(202);
    expect((await receive(event, DEPLOYED, core)).statusCode).toBe(200);
    expect(api.posts).toHaveLength(1);
  },
);

const sender = fc.constantFrom<Sender>('nightly', 'github', 'gitlab', 'bearer', 'hmac');
const noise = fc.oneof(
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.constantFrom('', ',', 'v1,', '\0', '__proto__', 'sha256='),
);
/** Where the proof stands; each mutation damages it, or what it covers. */
const PROOFS: Record<Sender, string> = {
  nightly: 'webhook-signature',
  github: 'x-hub-signature-256',
  gitlab: 'x-gitlab-token',
  bearer: 'authorization',
  hmac: 'x-signature',
};
const SIGNED: readonly Sender[] = ['nightly', 'github', 'hmac'];

const mutated = fc
  .tuple(
    sender,
    fc.constantFrom('proof', 'splice', 'body', 'trigger'),
    noise,
    fc.nat(80),
    fc.dictionary(fc.string({ maxLength: 20 }), noise),
    fc.boolean(),
  )
  .map(([from, kind, text, position, extra, base64]): Event => {
    const event = right(from);
    const name = PROOFS[from];
    const proof = event.headers[name] ?? '';
    const keep = Object.fromEntries(
      Object.entries(extra).filter(([key]) => !(key.toLowerCase() in event.headers)),
    );
    const noisy = { ...event, headers: { ...keep, ...event.headers } };
    if (kind === 'proof') return withHeaders(noisy, { [name]: text });
    if (kind === 'splice')
      return withHeaders(noisy, { [name]: proof.slice(0, position % proof.length) });
    if (kind === 'trigger') return to(noisy, `${text}x`);
    if (!SIGNED.includes(from)) return withHeaders(noisy, { [name]: `${text}${proof}${text}.` });
    return { ...noisy, body: `${text}x${event.body}`, isBase64Encoded: base64 };
  });

test(
  'mutated requests start nothing, never throw and are all answered 401',
  async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (event) => {
        expect((await receive(event, DEPLOYED, core)).statusCode).toBe(401);
      }),
      { numRuns: runs(800) },
    );
    expect(api.posts).toEqual([]);
  },
  runs(60_000),
);

test(
  'any body of a verified sender is answered below 500',
  async () => {
    const body = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.json().map((text) => `{"scenarioIds":${text}}`),
    );
    const type = fc.constantFrom(
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      '',
    );
    await fc.assert(
      fc.asyncProperty(body, type, fc.string(), async (text, contentType, key) => {
        const event = choosing(text, { 'content-type': contentType, 'idempotency-key': key });
        expect((await receive(event, DEPLOYED, core)).statusCode).toBeLessThan(500);
      }),
      { numRuns: runs(100) },
    );
    const sent = api.posts.map(({ body: sentBody }) => sentBody);
    expect(sent.filter((text) => text !== '{"selectAll":true,"scenarioIds":[]}')).toEqual([]);
  },
  runs(60_000),
);
