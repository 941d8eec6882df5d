import { expect, test } from 'vitest';
import { receive } from '../../../lambda/webhook/receive.ts';
import { type Event, TEXT_SECRET } from '../../support/senders.ts';
import {
  api,
  beginAnew,
  choosing,
  core,
  DEPLOYED,
  expectNothing,
  reading,
  right,
  SCENARIO,
  secrets,
  to,
  without,
} from './hostile-request.ts';

beginAnew();

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
  // what a verified sender may not do
  ['JSON that cannot be read', () => choosing('{"a":'), 400],
  ['deep JSON that never ends', () => choosing('['.repeat(500_000)), 400],
  ['XML', () => choosing('<a/>', { 'content-type': 'application/xml' }), 415],
  [
    'a choice in a form',
    () =>
      choosing(`scenarioIds=${SCENARIO}`, { 'content-type': 'application/x-www-form-urlencoded' }),
    400,
  ],
  [
    'a form in parts',
    () => choosing('--x\r\n\r\na\r\n--x--', { 'content-type': 'multipart/form-data; boundary=x' }),
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

test.each(table)('%s starts nothing', (_name, event, status) => expectNothing(event(), status));

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
