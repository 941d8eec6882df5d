import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sign } from '@octokit/webhooks-methods';
import { Webhook as Svix } from 'svix';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { receive } from '../../../lambda/webhook/receive.ts';
import { captureLog } from '../../support/captured-log.ts';
import { coreOn, newSecrets } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { type RemoteApi, startRemoteApi } from '../../support/remote-api.ts';
import { triggerWithHook } from './trigger-with-hook.ts';

const requestSchema = z.object({ headers: z.record(z.string(), z.string()), body: z.string() });
type Request = z.infer<typeof requestSchema>;

const senderSchema = z.object({
  settings: z.string(),
  secret: z.string(),
  delivery: requestSchema,
  again: requestSchema,
  handshake: requestSchema.optional(),
});

/**
 * Requests at 2:00 and, repeated as the sender does, at 2:07. Those of Stripe, Svix, Linear, Retell, WorkOS and Paddle
 * were made or accepted by the vendor's own library (stripe 23.1, svix 2.5, @linear/sdk 98, retell-sdk 5.66,
 * @workos-inc/node 11, @paddle/paddle-node-sdk 3.10), the others by what the vendor documents.
 */
const SENDERS = z
  .record(z.string(), senderSchema)
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/senders.json', import.meta.url), 'utf8')));

const FIRST = '2026-11-24T02:00:00Z';
const LATER = '2026-11-24T02:07:00Z';

let memory: MemoryLedger;
let api: RemoteApi;
let time = FIRST;
const now = () => new Date(time);
beforeAll(async () => {
  memory = await startMemoryLedger();
  api = await startRemoteApi({ now });
});
afterAll(async () => {
  await api.stop();
  await memory.stop();
});
beforeEach(() => void captureLog());

function senderOf(name: string) {
  const sender = SENDERS[name];
  if (!sender) throw new Error(`no sender ${name}`);
  return sender;
}

/** The sender's webhook; `send` tells the status, how many executions that started, and the answer. */
function hookOf(name: string, secret = senderOf(name).secret) {
  const trigger = `sender-${crypto.randomUUID()}`;
  const core = coreOn(memory, api, { now }, { ...newSecrets(), hook: secret });
  const triggers = { [trigger]: triggerWithHook(`${senderOf(name).settings}, secret: hook`) };
  return async ({ headers, body }: Request, at = FIRST, method = 'POST') => {
    time = at;
    const before = api.executions.length;
    const event = {
      headers,
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
      pathParameters: { trigger },
      rawPath: '/hooks/sender',
      rawQueryString: 'shop=1',
      queryStringParameters: { shop: '1' },
      requestContext: { domainName: 'hooks.example.com', http: { method } },
    };
    const { statusCode, headers: sent, body: answer } = await receive(event, triggers, core);
    return { told: `${statusCode}, ${api.executions.length - before} started`, answer, sent };
  };
}

/** Another letter near the end of the body. */
function changed({ headers, body }: Request): Request {
  const at = Math.max(...[...body.matchAll(/[a-z]/g)].map(({ index }) => index));
  const letter = body[at] === 'x' ? 'y' : 'x';
  return { headers, body: body.slice(0, at) + letter + body.slice(at + 1) };
}

const STARTED = '202, 1 started';
const STARTED_200 = '200, 1 started';
const REFUSED = '401, 0 started';

// sender, right, a byte changed, with another secret, seven minutes old, repeated after seven minutes
const TABLE = [
  ['Standard Webhooks', STARTED, REFUSED, REFUSED, REFUSED, '200, 0 started'],
  ['Svix', STARTED, REFUSED, REFUSED, REFUSED, '200, 0 started'],
  ['GitHub', STARTED, REFUSED, REFUSED, STARTED, '200, 0 started'],
  ['Stripe', STARTED, REFUSED, REFUSED, REFUSED, '200, 0 started'],
  ['Slack event', STARTED_200, REFUSED, REFUSED, REFUSED, '200, 0 started'],
  ['Slack command', STARTED_200, REFUSED, REFUSED, REFUSED, '200, 0 started'],
  ['Vercel', STARTED, REFUSED, REFUSED, STARTED, '200, 0 started'],
  ['Linear', STARTED_200, REFUSED, REFUSED, REFUSED, '200, 0 started'],
  ['Retell', STARTED, REFUSED, REFUSED, REFUSED, '200, 0 started'],
  ['WorkOS', STARTED, REFUSED, REFUSED, REFUSED, '200, 0 started'],
  ['Paddle', STARTED, REFUSED, REFUSED, REFUSED, '200, 0 started'],
  ['Shopify', STARTED, REFUSED, REFUSED, STARTED, '200, 0 started'],
  ['Twitch', STARTED, REFUSED, REFUSED, REFUSED, '200, 0 started'],
  ['Zoom', STARTED_200, REFUSED, REFUSED, REFUSED, '200, 0 started'],
  ['Square', STARTED, REFUSED, REFUSED, STARTED, '200, 0 started'],
  ['Bitbucket', STARTED, REFUSED, REFUSED, STARTED, '200, 0 started'],
  // A token proves the sender, and nothing of what is sent.
  ['GitLab', STARTED, STARTED, REFUSED, STARTED, '200, 0 started'],
  ['Buildkite', STARTED, STARTED, REFUSED, STARTED, '200, 0 started'],
  ['Vapi', STARTED, STARTED, REFUSED, STARTED, '200, 0 started'],
];

test.each(TABLE)('%s', async (name = '', right, byteChanged, otherSecret, old, repeated) => {
  const { delivery, again, secret } = senderOf(name);
  const told = async (request: Request, at?: string, key?: string) =>
    (await hookOf(name, key)(request, at)).told;
  expect(await told(changed(delivery))).toBe(byteChanged);
  expect(await told(delivery, FIRST, `${secret.slice(0, -8)}AAAAAAAA`)).toBe(otherSecret);
  expect(await told(delivery, LATER)).toBe(old);
  const send = hookOf(name);
  expect((await send(delivery)).told).toBe(right);
  expect((await send(again, LATER)).told).toBe(repeated);
});

test.each([
  ['GitHub', '{"pong":true}'],
  ['Slack event', '{"challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}'],
  ['Twitch', 'pogchamp-kappa-360noscope-vohiyo'],
  [
    'Zoom',
    '{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"f4bb15801f208caf14ed56863c789e9fdbe46c4f0633f2a43d895b9750cec13b"}',
  ],
])(
  'the handshake of %s is answered and starts nothing; a forged one is refused',
  async (name, answer) => {
    const { handshake, secret } = senderOf(name);
    if (!handshake) throw new Error('no handshake');
    expect(await hookOf(name)(handshake)).toMatchObject({ told: '200, 0 started', answer });
    expect(await hookOf(name, `${secret.slice(0, -8)}AAAAAAAA`)(handshake)).toMatchObject({
      told: REFUSED,
      answer: '{"error":"unverified"}',
    });
  },
);

test('the libraries of Svix and GitHub sign what is accepted', async () => {
  const body = '{"name":"Zoë","n":1}';
  const json = { 'content-type': 'application/json' };
  const signature = new Svix(senderOf('Svix').secret).sign('msg_9', new Date(FIRST), body);
  const timestamp = String(Date.parse(FIRST) / 1000);
  const svix = {
    ...json,
    'svix-id': 'msg_9',
    'svix-timestamp': timestamp,
    'svix-signature': signature,
  };
  expect((await hookOf('Svix')({ headers: svix, body })).told).toBe(STARTED);
  const hub = await sign(senderOf('GitHub').secret, body);
  const github = { ...json, 'x-github-delivery': 'd-9', 'x-hub-signature-256': hub };
  expect((await hookOf('GitHub')({ headers: github, body })).told).toBe(STARTED);
});

test('a revoked subscription of Twitch starts nothing', async () => {
  const { secret, delivery } = senderOf('Twitch');
  const body = '{"subscription":{"status":"authorization_revoked"}}';
  const { 'twitch-eventsub-message-id': id, 'twitch-eventsub-message-timestamp': at } =
    delivery.headers;
  const signature = createHmac('sha256', secret).update(`${id}${at}${body}`).digest('hex');
  const headers = {
    ...delivery.headers,
    'twitch-eventsub-message-signature': `sha256=${signature}`,
  };
  expect(await hookOf('Twitch')({ headers, body })).toMatchObject({
    told: '200, 0 started',
    answer: '{"skipped":"revoked"}',
  });
});

test.each([
  ['with the token', { 'x-buildkite-token': senderOf('Buildkite').secret }, '200, 0 started', '{}'],
  ['without it', {}, REFUSED, '{"error":"unverified"}'],
])('the question of a sender of CloudEvents %s is answered', async (_, headers, told, answer) => {
  const asked = {
    headers: { ...headers, 'webhook-request-origin': 'events.example.com' },
    body: '',
  };
  const send = hookOf('Buildkite');
  expect(await send(asked, FIRST, 'OPTIONS')).toMatchObject({
    told,
    answer,
    ...(answer === '{}' && {
      sent: { 'webhook-allowed-origin': 'events.example.com', 'webhook-allowed-rate': '*' },
    }),
  });
});
