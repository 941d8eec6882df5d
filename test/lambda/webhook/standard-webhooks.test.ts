import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test, vi } from 'vitest';
import { signingKeys, verifyStandardWebhook } from '../../../lambda/webhook/standard-webhooks.ts';

// The example of the Standard Webhooks specification, "Symmetric signatures".
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const TIMESTAMP = '1614265330';
const BODY = '{"test": 2432232314}';
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const SIGNED_AT = new Date(1614265330_000);

const KEYS = signingKeys(SECRET, 'hook');

function verify(
  headers: Record<string, string | undefined>,
  body = BODY,
  now = SIGNED_AT,
  keys = KEYS,
) {
  const signed = {
    'webhook-id': ID,
    'webhook-timestamp': TIMESTAMP,
    'webhook-signature': SIGNATURE,
    ...headers,
  };
  return verifyStandardWebhook({ headers: signed, body: Buffer.from(body) }, keys, now);
}

function at(seconds: number): Date {
  return new Date(SIGNED_AT.getTime() + seconds * 1000);
}

test('the specification’s example is verified', () => {
  expect(verify({})).toEqual({ kind: 'verified', deliveryId: ID });
});

const OTHER_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OTHER_SIGNATURE = new Webhook(OTHER_SECRET).sign(ID, SIGNED_AT, BODY);

test.each([
  [
    'several signatures, the last one right',
    { 'webhook-signature': `v1,AAAA ${OTHER_SIGNATURE} ${SIGNATURE}` },
  ],
  [
    'headers that API Gateway joined with a comma',
    { 'webhook-signature': `${OTHER_SIGNATURE},${SIGNATURE}` },
  ],
  [
    'several signatures in joined headers',
    { 'webhook-signature': `v1,AAAA ${OTHER_SIGNATURE},${SIGNATURE} v2,x` },
  ],
  [
    'an asymmetric signature beside it',
    { 'webhook-signature': `v1a,${'A'.repeat(86)}== ${SIGNATURE}` },
  ],
])('%s is verified', (_name, headers) => {
  expect(verify(headers).kind).toBe('verified');
});

// headers, body, seconds after signing, whether the library and this code let it in
test.each<[string, Record<string, string>, string, number, boolean, boolean]>([
  ['the example', {}, BODY, 0, true, true],
  ['two signatures', { 'webhook-signature': `v1,AAAA ${SIGNATURE}` }, BODY, 0, true, true],
  ['the last second', {}, BODY, 300, true, true],
  ['a second too late', {}, BODY, 301, false, false],
  ['a second too early', {}, BODY, -301, false, false],
  ['another id', { 'webhook-id': 'msg_other' }, BODY, 0, false, false],
  ['another body', {}, `${BODY} `, 0, false, false],
  [
    'another version',
    { 'webhook-signature': SIGNATURE.replace('v1', 'v2') },
    BODY,
    0,
    false,
    false,
  ],
  // where this code differs from the library, and why it is not the library
  ['a timestamp with a tail', { 'webhook-timestamp': `${TIMESTAMP}x` }, BODY, 0, true, false],
  ['joined headers', { 'webhook-signature': `v1,AAAA,${SIGNATURE}` }, BODY, 0, false, true],
])('%s is let in as by the library, or as told', (_name, headers, body, seconds, byIt, byUs) => {
  vi.useFakeTimers({ now: at(seconds), toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const signed = {
    'webhook-id': ID,
    'webhook-timestamp': TIMESTAMP,
    'webhook-signature': SIGNATURE,
    ...headers,
  };
  const library = () => new Webhook(SECRET).verify(body, signed);
  if (byIt) expect(library()).toEqual({ test: 2432232314 });
  else expect(library).toThrow();
  expect(verify(headers, body, at(seconds)).kind).toBe(byUs ? 'verified' : 'refused');
});

test('during a rotation either secret verifies', () => {
  const keys = signingKeys(`${OTHER_SECRET}\n${SECRET}`, 'hook');
  expect(verify({}, BODY, SIGNED_AT, keys).kind).toBe('verified');
  expect(verify({ 'webhook-signature': OTHER_SIGNATURE }, BODY, SIGNED_AT, keys).kind).toBe(
    'verified',
  );
});

test('the bytes are verified, not their decoded text', () => {
  const body = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': TIMESTAMP,
    // HMAC-SHA256 over "msg_1.1614265330." and the four bytes, computed with openssl.
    'webhook-signature': 'v1,viBmvBXJm3sBQlVOyq1Td+45dRRoRaFaTqFQP0pT5j8=',
  };
  expect(verifyStandardWebhook({ headers, body }, KEYS, SIGNED_AT).kind).toBe('verified');
});

test.each([
  [-300, 'verified'],
  [300, 'verified'],
  [-301, 'refused'],
  [301, 'refused'],
])('a signature seen %i s after its timestamp is %s', (seconds, kind) => {
  expect(verify({}, BODY, at(seconds)).kind).toBe(kind);
});

test.each<[string, Record<string, string | undefined>, string]>([
  ['no id', { 'webhook-id': undefined }, 'a webhook-* header is missing'],
  ['an empty id', { 'webhook-id': '' }, 'a webhook-* header is missing'],
  ['no timestamp', { 'webhook-timestamp': undefined }, 'a webhook-* header is missing'],
  ['no signature', { 'webhook-signature': undefined }, 'a webhook-* header is missing'],
  ['another id', { 'webhook-id': 'msg_other' }, 'no signature matches'],
  ['another timestamp', { 'webhook-timestamp': '1614265331' }, 'no signature matches'],
  [
    'a fractional timestamp',
    { 'webhook-timestamp': '1614265330.0' },
    'webhook-timestamp is not whole seconds',
  ],
  [
    'a timestamp with a tail',
    { 'webhook-timestamp': '1614265330x' },
    'webhook-timestamp is not whole seconds',
  ],
  [
    'a negative timestamp',
    { 'webhook-timestamp': '-1614265330' },
    'webhook-timestamp is not whole seconds',
  ],
  [
    'joined timestamps',
    { 'webhook-timestamp': '1614265330,1614265330' },
    'webhook-timestamp is not whole seconds',
  ],
  [
    'the signature without a version',
    { 'webhook-signature': SIGNATURE.slice(3) },
    'webhook-signature holds no v1 signature',
  ],
  [
    'another version',
    { 'webhook-signature': SIGNATURE.replace('v1', 'v2') },
    'webhook-signature holds no v1 signature',
  ],
  [
    'a truncated signature',
    { 'webhook-signature': SIGNATURE.slice(0, -4) },
    'webhook-signature holds no v1 signature',
  ],
  [
    'a signature without its padding',
    { 'webhook-signature': SIGNATURE.slice(0, -1) },
    'webhook-signature holds no v1 signature',
  ],
  [
    'the same bytes written another way',
    { 'webhook-signature': SIGNATURE.replace('E=', 'F=') },
    'webhook-signature holds no v1 signature',
  ],
  ['a signature of another key', { 'webhook-signature': OTHER_SIGNATURE }, 'no signature matches'],
  [
    'a hex signature',
    { 'webhook-signature': `v1,${'ab'.repeat(32)}` },
    'webhook-signature holds no v1 signature',
  ],
])('%s is refused', (_name, headers, reason) => {
  expect(verify(headers)).toEqual({ kind: 'refused', reason });
});

test('a body that was serialised again is refused', () => {
  expect(verify({}, '{"test":2432232314}').kind).toBe('refused');
});

test.each([
  ['empty', ''],
  ['no prefix', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  ['prefix only', 'whsec_'],
  ['23 bytes', `whsec_${Buffer.alloc(23, 1).toString('base64')}`],
  ['not base64', 'whsec_!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!'],
  ['one good and one short', `${SECRET} whsec_AAAA`],
])('a secret that is %s is refused without being repeated', (_name, text) => {
  expect(() => signingKeys(text, 'hooks/nightly')).toThrow(
    'Secret hooks/nightly is not a signing secret: set it to whsec_ and the base64 of at least 24 random bytes',
  );
});
