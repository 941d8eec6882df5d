import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Exchange } from '../../../lambda/api/exchange.ts';
import { receive } from '../../../lambda/webhook/receive.ts';
import { snsSite } from '../../../lambda/webhook/sns-site.ts';
import { captureLog } from '../../support/captured-log.ts';
import { addressOf, coreOn } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { type RemoteApi, startRemoteApi } from '../../support/remote-api.ts';
import { triggerWithHook } from './trigger-with-hook.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/sns/${name}`, import.meta.url), 'utf8');
const KEY = fixture('key.pem');
const CERTIFICATE = fixture('certificate.pem');

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:releases';
const SERVER = 'https://sns.eu-central-1.amazonaws.com';
const CERTIFICATE_URL = `${SERVER}/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem`;
const SUBSCRIBE_URL = `${SERVER}/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=2336412f37`;
const SENT = '2026-11-24T02:00:00Z';

type Message = Record<string, string>;
const NOTIFICATION: Message = {
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: TOPIC,
  Subject: 'Released',
  Message: '{"stage":"staging","name":"Zoë"}',
  Timestamp: '2026-11-24T02:00:00.000Z',
};
const { Subject: _, ...UNTITLED } = NOTIFICATION;
const HANDSHAKE: Message = {
  ...UNTITLED,
  Type: 'SubscriptionConfirmation',
  Message: 'You have chosen to subscribe to the topic.',
  Token: '2336412f37',
  SubscribeURL: SUBSCRIBE_URL,
};

/** As SNS signs; the library sns-validator 0.3.5 accepts the first two kinds. */
function signed(message: Message, version = '2', address = CERTIFICATE_URL): Message {
  const names = Object.keys(message).sort();
  const text = names.map((name) => `${name}\n${message[name]}\n`).join('');
  const algorithm = version === '1' ? 'sha1' : 'sha256';
  const Signature = sign(algorithm, Buffer.from(text), KEY).toString('base64');
  return { ...message, SignatureVersion: version, Signature, SigningCertURL: address };
}

let memory: MemoryLedger;
let api: RemoteApi;
let time = SENT;
const now = () => new Date(time);
beforeAll(async () => {
  memory = await startMemoryLedger();
  api = await startRemoteApi({ now });
});
afterAll(async () => {
  await api.stop();
  await memory.stop();
});
let log: Record<string, unknown>[];
let asked: string[];
beforeEach(() => {
  log = captureLog();
  asked = [];
});

const amazon = (url: URL): Exchange => {
  const body = url.href === CERTIFICATE_URL ? CERTIFICATE : '<ConfirmSubscriptionResponse/>';
  return { kind: 'answered', status: 200, body };
};

/** A webhook with these settings; `send` tells the status, how many executions that started, and the answer. */
function hook(settings = '', server = amazon) {
  const trigger = `sns-${crypto.randomUUID()}`;
  const sns = snsSite(async (url) => {
    asked.push(url.href);
    return server(url);
  });
  const core = { ...coreOn(memory, api, { now }), sns };
  const triggers = { [trigger]: triggerWithHook(`verify: sns, topic: "${TOPIC}"${settings}`) };
  return async (message: Message, at = SENT, headers = {}, to = trigger) => {
    time = at;
    const before = api.executions.length;
    const event = {
      headers: { 'content-type': 'text/plain; charset=UTF-8', ...headers },
      body: JSON.stringify(message),
      isBase64Encoded: false,
      pathParameters: { trigger: to },
      ...addressOf(to),
    };
    const { statusCode, body } = await receive(event, triggers, core);
    return { told: `${statusCode}, ${api.executions.length - before} started`, answer: body };
  };
}

const STARTED = '202, 1 started';
const REFUSED = '401, 0 started';
const right = signed(NOTIFICATION);

test.each([
  ['signed with SHA-256', right, STARTED],
  ['signed with SHA-1', signed(NOTIFICATION, '1'), STARTED],
  ['without a subject', signed(UNTITLED), STARTED],
  ['of China', signed(UNTITLED, '2', `${CERTIFICATE_URL.replace('.com', '.com.cn')}`), REFUSED],
  ['changed in a byte', { ...right, Message: '{"stage":"staginG","name":"Zoë"}' }, REFUSED],
  ['under another id', { ...right, MessageId: '22b80b92-fdea-4c2c-8f9d-000000000000' }, REFUSED],
  ['of a signature of another kind', { ...right, SignatureVersion: '1' }, REFUSED],
  ['of an unknown signature', { ...right, SignatureVersion: '3' }, REFUSED],
  ['of another topic', signed({ ...NOTIFICATION, TopicArn: `${TOPIC}2` }), REFUSED],
  [
    'of a topic of a stranger',
    signed({ ...NOTIFICATION, TopicArn: TOPIC.replace('12', '99') }),
    REFUSED,
  ],
])('a message %s: %s', async (_name, message, told) => {
  expect((await hook()(message)).told).toBe(told);
});

test.each([
  ['65 minutes after', '2026-11-24T03:05:00Z', STARTED],
  ['66 minutes after', '2026-11-24T03:06:00Z', REFUSED],
  ['6 minutes before', '2026-11-24T01:54:00Z', REFUSED],
])('a message that arrives %s its time', async (_name, at, told) => {
  expect((await hook()(right, at)).told).toBe(told);
});

test('a message that SNS repeats starts nothing, and the certificate is asked for once', async () => {
  const send = hook();
  expect((await send(right)).told).toBe(STARTED);
  expect((await send(right, '2026-11-24T02:50:00Z')).told).toBe('200, 0 started');
  expect((await send(right, '2026-11-24T03:30:00Z')).told).toBe(REFUSED);
  expect(asked).toEqual([CERTIFICATE_URL]);
});

test('filter and choices read what was published', async () => {
  const filtered = hook(`, when: body.stage == 'staging'`);
  expect((await filtered(right)).told).toBe(STARTED);
  const other = signed({ ...NOTIFICATION, Message: 'staging' });
  expect((await filtered(other)).told).toBe('202, 0 started');
  expect((await hook(`, when: body == 'staging'`)(other)).told).toBe(STARTED);
  const choice = signed({ ...NOTIFICATION, Message: '{"selectAll":"yes"}' });
  expect((await hook(', allow: [selectAll]')(choice)).told).toBe('400, 0 started');
});

test('a subscription is confirmed at Amazon and starts nothing', async () => {
  expect(await hook()(signed(HANDSHAKE))).toEqual({
    told: '200, 0 started',
    answer: '{"subscribed":true}',
  });
  expect(asked).toEqual([CERTIFICATE_URL, SUBSCRIBE_URL]);
});

test('a subscription that ends is answered and starts nothing', async () => {
  const ended = signed({ ...HANDSHAKE, Type: 'UnsubscribeConfirmation' });
  expect(await hook()(ended)).toEqual({ told: '200, 0 started', answer: '{"skipped":"revoked"}' });
  expect(asked).toEqual([CERTIFICATE_URL]);
});

test.each([
  ['is forged', { ...signed(HANDSHAKE), Token: 'x' }, [CERTIFICATE_URL]],
  ['is of another topic', signed({ ...HANDSHAKE, TopicArn: `${TOPIC}2` }), []],
])('a subscription that %s is not confirmed', async (_name, message, requests) => {
  expect((await hook()(message)).told).toBe(REFUSED);
  expect(asked).toEqual(requests);
});

test('a subscription of an unknown trigger is not confirmed', async () => {
  expect((await hook()(signed(HANDSHAKE), SENT, {}, 'weekly')).told).toBe(REFUSED);
  expect(asked).toEqual([CERTIFICATE_URL]);
});

const HOSTS = [
  'http://sns.eu-central-1.amazonaws.com',
  'https://sns.us-east-1.amazonaws.com',
  'https://sns.eu-central-1.amazonaws.com:8443',
  'https://user@sns.eu-central-1.amazonaws.com',
  'https://sns.eu-central-1.amazonaws.com@evil.example',
  'https://sns.eu-central-1.amazonaws.com.evil.example',
  'https://sns.eu-central-1.amazonaws.com.',
  'https://evil-sns.eu-central-1.amazonaws.com',
  'https://sns-eu-central-1.amazonaws.com',
  'https://sns.eu-central-1.amazonaws.com.cn',
  'https://evil.example#sns.eu-central-1.amazonaws.com',
  'https://evil.example\\@sns.eu-central-1.amazonaws.com',
  'file://sns.eu-central-1.amazonaws.com',
];

test.each(HOSTS)('nothing is asked of %s', async (host) => {
  const certificate = CERTIFICATE_URL.replace(SERVER, host);
  expect((await hook()(signed(NOTIFICATION, '2', certificate))).told).toBe(REFUSED);
  expect(asked).toEqual([]);
  const SubscribeURL = SUBSCRIBE_URL.replace(SERVER, host);
  expect((await hook()(signed({ ...HANDSHAKE, SubscribeURL }))).told).toBe(REFUSED);
  expect(asked).toEqual([CERTIFICATE_URL]);
});

test.each([
  '/other.pem',
  '/a/SimpleNotificationService-1.pem',
  '/?Action=x&y=/a.pem',
  '/SimpleNotificationService-1.pem?x',
])('no certificate is at %s', async (path) => {
  expect((await hook()(signed(NOTIFICATION, '2', SERVER + path))).told).toBe(REFUSED);
  expect(asked).toEqual([]);
});

test.each<[string, Exchange]>([
  ['a redirect', { kind: 'answered', status: 302, body: CERTIFICATE }],
  ['a refusal', { kind: 'answered', status: 403, body: '' }],
  ['another text', { kind: 'answered', status: 200, body: 'hello' }],
])('%s instead of a certificate proves nothing', async (_name, answer) => {
  expect((await hook('', () => answer)(right)).told).toBe(REFUSED);
});

test.each<[string, Exchange]>([
  ['gives no answer', { kind: 'broken', written: false, reason: 'ECONNRESET' }],
  ['is down', { kind: 'answered', status: 503, body: '' }],
  ['is busy', { kind: 'answered', status: 429, body: '' }],
])('when Amazon %s, SNS has to come again', async (_name, answer) => {
  await expect(hook('', () => answer)(right)).rejects.toThrow('sns.eu-central-1.amazonaws.com');
});

test('when Amazon does not take a confirmation, SNS has to come again', async () => {
  const server = (url: URL): Exchange =>
    url.href === CERTIFICATE_URL ? amazon(url) : { kind: 'answered', status: 400, body: '' };
  await expect(hook('', server)(signed(HANDSHAKE))).rejects.toThrow('HTTP 400');
});

test('signed text that is divided into other fields is refused', async () => {
  const [first, second] = ['one', 'two'].map((id) => ({ ...UNTITLED, MessageId: id }));
  const Message = 'go\nMessageId\ntwo\nSubject\nx';
  const { Signature = '', ...rest } = signed({ ...first, Message });
  const divided = { ...rest, ...second, Message: 'go', Subject: 'x\nMessageId\none' };
  expect((await hook()({ ...divided, Signature })).told).toBe(REFUSED);
});

test('raw message delivery, which is not signed, is refused by name', async () => {
  const raw = { 'x-amz-sns-rawdelivery': 'true' };
  expect((await hook()({ stage: 'staging' }, SENT, raw)).told).toBe(REFUSED);
  expect(log).toMatchObject([{ message: expect.stringContaining('raw message delivery') }]);
});
