import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notifyOrTest } from '../../../lambda/notify/notify.ts';
import { SecretUnusableError } from '../../../lambda/runtime/secrets.ts';
import { type LoopbackServer, serveLoopback } from '../../../lib/local/server/http-server.ts';

const KEY = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const published: { Subject?: string; MessageAttributes?: object }[] = [];
const received: { path: string; headers: Record<string, string>; body: string }[] = [];
let server: LoopbackServer;
beforeAll(async () => {
  server = await serveLoopback(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const headers = { ...request.headers } as Record<string, string>;
    received.push({ path: request.url ?? '', headers, body });
    const status = Number(/(\d{3})$/.exec(request.url ?? '')?.[1] ?? 200);
    response.writeHead(status).end('{"message": "no_service"}');
  });
});
afterAll(() => server.stop());

/** The answers of the function, with channels whose secrets and addresses end in the status that answers. */
function testOf(...names: string[]) {
  const url = (path: string) => new URL(path, server.url).href;
  const secrets: Readonly<Record<string, string>> = {
    'n/slack': url('/slack/200'),
    'n/gone': url('/token/404'),
    'n/busy': url('/token/429'),
    'n/teams': 'http://example.com/not-secure',
    'n/signing': KEY,
    'n/routing': 'R0',
  };
  const settings = {
    topicArn: 'arn:aws:sns:us-east-1:000000000000:none',
    service: 'run-test-trigger',
    timezone: 'UTC',
    kinds: [],
    triggers: {},
    channels: {
      slack: { kind: 'slack', secret: 'n/slack', on: [] },
      gone: { kind: 'slack', secret: 'n/gone' },
      busy: { kind: 'teams', secret: 'n/busy' },
      plain: { kind: 'teams', secret: 'n/teams' },
      unset: { kind: 'slack', secret: 'n/unset' },
      own: { kind: 'webhook', secret: 'n/signing', url: url('/own') },
      pager: { kind: 'pagerduty', secret: 'n/routing', url: url('/pager/202') },
      wrong: { kind: 'pagerduty', secret: 'n/routing', url: url('/wrong/400') },
    },
  } as const;
  const readSecret = async (id: string) => {
    const value = secrets[id];
    if (value === undefined) throw new SecretUnusableError(id, 'does not exist or has no value');
    return value;
  };
  const sns = {
    publish: async (input: object) => ({ MessageId: String(published.push(input)) }),
  };
  const now = () => new Date();
  return notifyOrTest({ test: names }, { sns, readSecret, now }, settings);
}

const RECEIVED = [
  ['slack', true, 'HTTP 200', undefined],
  ['topic', true, 'taken by SNS', undefined],
  ['own', true, 'HTTP 200', undefined],
  ['pager', true, 'HTTP 202', undefined],
  [
    'gone',
    false,
    'The channel gone has not taken the message: HTTP 404, no_service',
    'Create the incoming webhook again, and: npx rtt secret set n/gone',
  ],
  [
    'busy',
    false,
    'The channel busy has not taken the message: HTTP 429, no_service',
    'The receiver is busy or fails: send the test again.',
  ],
  [
    'wrong',
    false,
    'The channel wrong has not taken the message: HTTP 400, no_service',
    'Copy the integration key of the Events API v2: npx rtt secret set n/routing',
  ],
  [
    'plain',
    false,
    'Secret n/teams holds no https URL for the channel plain',
    'npx rtt secret set n/teams',
  ],
  ['unset', false, 'Secret n/unset does not exist or has no value', 'npx rtt secret set n/unset'],
] as const;

test.each(RECEIVED)(
  'of the channel %s it says that it is sent: %s',
  async (channel, ok, answer, toDo) => {
    expect(await testOf(channel)).toEqual([
      {
        channel,
        kind: expect.any(String),
        ok,
        sent: expect.any(String),
        answer,
        ...(toDo !== undefined && { what_to_do: toDo }),
      },
    ]);
  },
);

test('without a name every channel and the topic are tested', async () => {
  const channels = (await testOf())?.map(({ channel }) => channel);
  expect(channels?.toSorted()).toEqual(RECEIVED.map(([name]) => name).toSorted());
});

test('an unknown name sends nothing', async () => {
  const before = received.length;
  await expect(testOf('slack', 'qa')).rejects.toThrow('There is no channel qa in this deployment');
  expect(received).toHaveLength(before);
});

test('a test says that nothing has happened, and closes the incident that it opens', async () => {
  received.splice(0);
  await testOf('slack', 'pager', 'own', 'topic');
  const bodyOf = (path: string) =>
    received.filter((one) => one.path === path).map(({ body }) => JSON.parse(body));
  expect(bodyOf('/slack/200')[0].text).toBe('🔧 This is a test of slack: nothing has happened');
  expect(bodyOf('/pager/202')).toMatchObject([
    { event_action: 'trigger', dedup_key: 'run-test-trigger/test', payload: { severity: 'info' } },
    { event_action: 'resolve', dedup_key: 'run-test-trigger/test' },
  ]);
  const own = received.find(({ path }) => path === '/own');
  expect(new Webhook(KEY).verify(own?.body ?? '', own?.headers ?? {})).toMatchObject({
    type: 'run-test-trigger.test',
  });
  expect(published.at(-1)).toMatchObject({
    Subject: '[run-test-trigger] Test: nothing has happened',
    // Those with a filter policy of their own get it as well.
    MessageAttributes: { trigger: { DataType: 'String.Array', StringValue: '["/test"]' } },
  });
});
