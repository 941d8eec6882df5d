import { expect, test } from 'vitest';
import { judgeSecret, secretUses } from '../../lib/doctor/secret-uses.ts';
import { NIGHTLY } from '../support/fixture.ts';

const uses = secretUses({
  apiKeySecret: 'api-key',
  heartbeatSecret: 'beat',
  triggers: { nightly: NIGHTLY },
});
const of = (name: string) => uses.find(({ secret }) => secret === name) ?? expect.unreachable(name);

test('a deployment reads the API key, the URL of the heartbeat and the secrets of webhooks', () => {
  expect(uses.map(({ secret, of: user }) => [secret, user])).toEqual([
    ['api-key', 'API'],
    ['beat', 'heartbeat'],
    ['hooks/nightly', 'nightly'],
  ]);
});

test.each([
  ['api-key', undefined, 'the secret api-key has no value; set it with rtt secret set api-key'],
  [
    'beat',
    'http://example.com',
    'Secret beat holds no https URL of a monitor; set it with rtt secret set beat',
  ],
])('%s with the value %s needs a person', (name, value, found) => {
  expect(judgeSecret(of(name), value)).toEqual({ found, ok: false });
});

test.each([
  ['api-key', 'fi-key', 'its key can be read'],
  ['beat', 'https://monitor.example.com/ping/1', 'its monitor has an address'],
])('%s with a good value is well', (name, value, found) => {
  expect(judgeSecret(of(name), value)).toEqual({ found, ok: true });
});
