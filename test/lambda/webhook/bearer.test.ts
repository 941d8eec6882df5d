import { expect, test } from 'vitest';
import { verifyBearer } from '../../../lambda/webhook/verify.ts';

const TOKEN = 'c4b1f6f0d9a24c2e8b7a6d5e';
const KEYS = [Buffer.from('previous-0123456789abcdef'), Buffer.from(TOKEN)];

function verify(headers: Record<string, string>) {
  return verifyBearer({ headers, body: Buffer.alloc(0) }, KEYS);
}

test.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, 'Bearer previous-0123456789abcdef'])(
  '%s is verified, by the id that the job made',
  (authorization) => {
    expect(verify({ authorization, 'idempotency-key': 'job-1' })).toEqual({
      kind: 'verified',
      deliveryId: 'job-1',
    });
  },
);

test.each<[string, Record<string, string>, string]>([
  ['no header', {}, 'authorization is missing'],
  ['no scheme', { authorization: TOKEN }, 'authorization is not one bearer token'],
  ['another scheme', { authorization: `Basic ${TOKEN}` }, 'authorization is not one bearer token'],
  ['no token', { authorization: 'Bearer ' }, 'authorization is not one bearer token'],
  [
    'joined headers',
    { authorization: `Bearer ${TOKEN},Bearer ${TOKEN}` },
    'authorization is not one bearer token',
  ],
  ['a tail', { authorization: `Bearer ${TOKEN} x` }, 'authorization is not one bearer token'],
  [
    'a prefix of it',
    { authorization: `Bearer ${TOKEN.slice(0, -1)}` },
    'the token is not the secret',
  ],
  ['other case', { authorization: `Bearer ${TOKEN.toUpperCase()}` }, 'the token is not the secret'],
])('%s is refused', (_name, headers, reason) => {
  expect(verify(headers)).toEqual({ kind: 'refused', reason });
});
