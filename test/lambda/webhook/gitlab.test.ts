import { expect, test } from 'vitest';
import { gitlabKeys, verifyGitlab } from '../../../lambda/webhook/verify.ts';

const TOKEN = 'glwt-0123456789abcdef0123';
// GitLab's signing token is a Standard Webhooks secret: the example of that specification.
const SIGNING = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NOW = new Date(1614265330_000);
const SIGNED = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const UUID = '13792a34-cac6-4fda-95a8-c58e00a3954e';

function verify(headers: Record<string, string>, secret: string, body = '{"test": 2432232314}') {
  return verifyGitlab({ headers, body: Buffer.from(body) }, gitlabKeys(secret, 'hook'), NOW);
}

test.each([
  ['a signing token', SIGNED, SIGNING, 'msg_p5jXN8AQM9LWM0D4loKWxJek'],
  ['a secret token', { 'x-gitlab-token': TOKEN, 'idempotency-key': 'k-1' }, TOKEN, 'k-1'],
  [
    'a secret token of an older GitLab',
    { 'x-gitlab-token': TOKEN, 'x-gitlab-event-uuid': UUID },
    TOKEN,
    UUID,
  ],
  [
    'the old token while a signing token replaces it',
    { 'x-gitlab-token': TOKEN, 'idempotency-key': 'k-1' },
    `${SIGNING} ${TOKEN}`,
    'k-1',
  ],
  [
    'a signature while a signing token replaces the old token',
    { ...SIGNED, 'x-gitlab-token': TOKEN },
    `${SIGNING} ${TOKEN}`,
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
  ],
])('%s is verified', (_name, headers, secret, deliveryId) => {
  expect(verify(headers, secret)).toEqual({ kind: 'verified', deliveryId });
});

test('without any id a token is verified, and the delivery has none', () => {
  expect(verify({ 'x-gitlab-token': TOKEN }, TOKEN)).toEqual({
    kind: 'verified',
    deliveryId: undefined,
  });
});

test.each<[string, Record<string, string>, string, string]>([
  ['no token', {}, TOKEN, 'x-gitlab-token is missing'],
  ['a wrong token', { 'x-gitlab-token': `${TOKEN}x` }, TOKEN, 'x-gitlab-token is not the secret'],
  [
    'a joined token',
    { 'x-gitlab-token': `${TOKEN},${TOKEN}` },
    TOKEN,
    'x-gitlab-token is not the secret',
  ],
  [
    'a token where the secret is a signing token',
    { 'x-gitlab-token': SIGNING },
    SIGNING,
    'a webhook-* header is missing',
  ],
  [
    'a wrong signature beside the right token',
    { ...SIGNED, 'webhook-id': 'msg_2', 'x-gitlab-token': TOKEN },
    `${SIGNING} ${TOKEN}`,
    'no signature matches',
  ],
])('%s is refused', (_name, headers, secret, reason) => {
  expect(verify(headers, secret)).toEqual({ kind: 'refused', reason });
});

test.each(['short', '', `${TOKEN} short`, 'whsec_AAAA'])('the secret %j is unusable', (secret) => {
  expect(() => gitlabKeys(secret, 'hooks/gitlab')).toThrow(
    'Secret hooks/gitlab is not a signing secret',
  );
});
