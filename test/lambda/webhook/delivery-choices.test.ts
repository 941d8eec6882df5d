import { expect, test } from 'vitest';
import { sent } from '../../support/senders.ts';
import { api, beginAnew, clock, deliver, log, withSettings } from './received-delivery.ts';

beginAnew();

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

test('the log of a skipped delivery names the expression and what it saw, but no token', async () => {
  const when = `headers."x-github-event" == 'push' && body.refs[0] == 'x' && query.env == 'prod' && body.a.b && headers.authorization`;
  const body = JSON.stringify({ refs: ['y'.repeat(200)] });
  const event = sent('github', 'id-1', clock.now(), body);
  const headers = { ...event.headers, 'x-github-event': 'push', authorization: 'Bearer x' };
  await deliver({ ...event, headers }, withSettings('github', { when }));
  expect(log).toEqual([
    {
      event: 'delivery_skipped',
      trigger: 'github',
      delivery: 'id-1',
      message: 'when is false',
      when,
      saw: {
        'headers."x-github-event"': '"push"',
        'body.refs': `["${'y'.repeat(98)}`,
        'query.env': 'null',
        'body.a.b': 'null',
        'headers.authorization': '(hidden)',
      },
    },
  ]);
});

const XML = { 'content-type': 'application/xml' };

test.each([
  ['a filter on the body needs JSON', 'body.a', XML, 415],
  ['a filter on a header takes any body', `headers."content-type" == 'application/xml'`, XML, 202],
  [
    'a field of a form can be asked for',
    "body.command == '/regression'",
    { 'content-type': 'application/x-www-form-urlencoded' },
    202,
  ],
])('%s', async (_, when, headers, http) => {
  const event = sent('github', 'id-1', clock.now(), 'command=%2Fregression&text=main');
  const answer = await deliver(
    { ...event, headers: { ...event.headers, ...headers } },
    withSettings('github', { when }),
  );
  expect([answer.http, api.posts.length]).toEqual([http, http === 202 ? 1 : 0]);
});

test('a delivery that the filter leaves out needs no id', async () => {
  const event = sent('hmac', 'id-1', clock.now(), '{"type":"ping"}');
  expect(await deliver(event, withSettings('hmac', { when: "body.type == 'x'" }))).toEqual({
    http: 202,
    skipped: 'filter',
  });
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
