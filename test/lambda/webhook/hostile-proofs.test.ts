import { test } from 'vitest';
import { type Event, TEXT_SECRET } from '../../support/senders.ts';
import {
  at,
  beginAnew,
  expectNothing,
  right,
  to,
  withHeader,
  withHeaders,
  without,
} from './hostile-request.ts';

beginAnew();

const table: [string, () => Event, number][] = [
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
];

test.each(table)('%s starts nothing', (_name, event, status) => expectNothing(event(), status));
