import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { HmacScheme } from '../../../lambda/firing/trigger.ts';
import { verifyHmac } from '../../../lambda/webhook/hmac.ts';

const STRIPE: HmacScheme = {
  signature: { header: 'stripe-signature', prefix: 'v1=', encoding: 'hex', algorithm: 'sha256' },
  timestamp: { header: 'stripe-signature', prefix: 't=' },
  signed: '{timestamp}.{body}',
  idField: 'id',
};
const STRIPE_SECRET = 'whsec_EDBB6VLsxUrbPLqPZDZwZMBLaAGoIrMB';
const STRIPE_BODY = '{"id":"evt_1","type":"checkout"}';
// `openssl dgst -sha256 -hmac` over the time, a dot and the body.
const STRIPE_DIGEST = 'b43dc8b4de8dcf6af78dc5313fcac8b3f9d9e546163ab78dd837b27fd9ea91f9';
const STRIPE_AT = 1492774577;

const SLACK: HmacScheme = {
  signature: { header: 'x-slack-signature', prefix: 'v0=', encoding: 'hex', algorithm: 'sha256' },
  timestamp: { header: 'x-slack-request-timestamp', prefix: '' },
  signed: 'v0:{timestamp}:{body}',
};
// Slack's documentation, "Verifying requests from Slack".
const SLACK_BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const SLACK_SIGNATURE = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';

const VERCEL: HmacScheme = {
  signature: { header: 'x-vercel-signature', prefix: '', encoding: 'hex', algorithm: 'sha1' },
  signed: '{body}',
  idField: 'id',
};
const SHOP: HmacScheme = {
  signature: { header: 'x-shop-hmac', prefix: '', encoding: 'base64', algorithm: 'sha512' },
  signed: '{body}',
  idHeader: 'x-shop-id',
};

function verify(
  scheme: HmacScheme,
  secret: string,
  headers: Record<string, string>,
  body: string,
  at = STRIPE_AT,
) {
  const request = { headers, body: Buffer.from(body) };
  return verifyHmac(request, [Buffer.from(secret)], new Date(at * 1000), scheme);
}

test('Slack’s documented example is verified', () => {
  const headers = {
    'x-slack-signature': SLACK_SIGNATURE,
    'x-slack-request-timestamp': '1531420618',
  };
  const secret = '8f742231b10e8888abcd99yyyzzz85a5';
  expect(verify(SLACK, secret, headers, SLACK_BODY, 1531420618)).toEqual({
    kind: 'verified',
    deliveryId: '390eeeff8d0cb7c9f6ecf8a88c3df6452fea0914eb02f64844369f3758d8d330',
  });
});

test.each([
  [
    'Stripe’s form',
    STRIPE,
    STRIPE_SECRET,
    {
      'stripe-signature': `t=${STRIPE_AT},v1=${STRIPE_DIGEST},v0=6ffbb59b2300aae63f272406069a9788`,
    },
    STRIPE_BODY,
    { deliveryId: 'evt_1' },
  ],
  [
    'Stripe’s form while two secrets sign',
    STRIPE,
    STRIPE_SECRET,
    { 'stripe-signature': `t=${STRIPE_AT}, v1=${'0'.repeat(64)}, v1=${STRIPE_DIGEST}` },
    STRIPE_BODY,
    { deliveryId: 'evt_1' },
  ],
  [
    'Vercel’s form',
    VERCEL,
    'vercel-0123456789abcdef01234567',
    { 'x-vercel-signature': '70b4a279926411302934e6f695930967ebc72964' },
    '{"id":"evt_v1","type":"deployment.succeeded"}',
    { deliveryId: 'evt_v1' },
  ],
  [
    'base64 and an id in a header',
    SHOP,
    'shop-0123456789abcdef0123456789',
    {
      'x-shop-hmac':
        'WrFRm8VQXmTz2DuGCQ7R89fmX3rwE5UZgeZWlpxoO6VrauXhyTkLluRUOTgm/gPEuESISM3dIP31RYZsW25/9g==',
      'x-shop-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    },
    '{"id":1}',
    {
      deliveryId: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
      signedDigest: '037c9214eef74cc3887f3a4f085b4e17d76280dafd273b0ee160c09c4ba1cfd4',
    },
  ],
])('%s is verified', (_name, scheme, secret, headers, body, identity) => {
  expect(verify(scheme, secret, headers, body)).toEqual({ kind: 'verified', ...identity });
});

// what the body says, the delivery's id
test.each([
  ['12345678901234567890', '12345678901234567890'],
  ['12345678901234567891', '12345678901234567891'],
  ['42', '42'],
  ['"evt_1"', 'evt_1'],
])('an id %s is told apart from its neighbours', (id, deliveryId) => {
  const body = `{"id":${id}}`;
  const signature = createHmac('sha1', 'secret').update(body).digest('hex');
  expect(verify(VERCEL, 'secret', { 'x-vercel-signature': signature }, body)).toEqual({
    kind: 'verified',
    deliveryId,
  });
});

test('the same body at another time is no replay where the time is signed', () => {
  const scheme = { ...SLACK, idHeader: 'x-id' };
  const secret = '8f742231b10e8888abcd99yyyzzz85a5';
  const signatures = [
    ['1531420618', SLACK_SIGNATURE],
    ['1531420619', 'v0=ffbf8ca586db401fa71716579fba59aea718787d68572406a7236da28a871144'],
  ];
  const digests = signatures.map(([time = '', signature = '']) => {
    const headers = {
      'x-slack-signature': signature,
      'x-slack-request-timestamp': time,
      'x-id': time,
    };
    return verify(scheme, secret, headers, SLACK_BODY, Number(time));
  });
  expect(digests).toEqual([
    {
      kind: 'verified',
      deliveryId: '1531420618',
      signedDigest: '825d85f1380c13692f843f77083a8bbf4bc9df455f355b153a64590c7cc195e1',
    },
    {
      kind: 'verified',
      deliveryId: '1531420619',
      signedDigest: '216cc7f4f65878278ba42e0127ba8c5124097a2329e95c5907571f6eb4b18d18',
    },
  ]);
});

const right = `t=${STRIPE_AT},v1=${STRIPE_DIGEST}`;

test.each<[string, string | undefined, string]>([
  ['no header', undefined, 'stripe-signature holds no signature'],
  ['no timestamp', `v1=${STRIPE_DIGEST}`, 'stripe-signature does not hold one timestamp'],
  ['two timestamps', `t=1,${right}`, 'stripe-signature does not hold one timestamp'],
  ['a joined copy', `${right},${right}`, 'stripe-signature does not hold one timestamp'],
  [
    'a timestamp with a tail',
    `t=${STRIPE_AT}abc,v1=${STRIPE_DIGEST}`,
    'the timestamp in stripe-signature is not whole seconds',
  ],
  [
    'a stale timestamp',
    `t=${STRIPE_AT - 301},v1=${STRIPE_DIGEST}`,
    'the timestamp in stripe-signature is off by 301 s',
  ],
  ['another timestamp', `t=${STRIPE_AT + 1},v1=${STRIPE_DIGEST}`, 'no signature matches'],
  ['the signature as v0', right.replace('v1', 'v0'), 'stripe-signature holds no signature'],
  ['a truncated signature', right.slice(0, -2), 'no signature matches'],
  ['an odd number of digits', right.slice(0, -1), 'stripe-signature holds no signature'],
  ['no digits', `t=${STRIPE_AT},v1=`, 'stripe-signature holds no signature'],
])('%s is refused', (_name, signature, reason) => {
  const headers = { ...(signature !== undefined && { 'stripe-signature': signature }) };
  expect(verify(STRIPE, STRIPE_SECRET, headers, STRIPE_BODY)).toEqual({
    kind: 'refused',
    reason,
  });
});
