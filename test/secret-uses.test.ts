import { expect, test } from 'vitest';
import { judgeSecret, secretUses } from '../lib/secret-uses.ts';
import { NIGHTLY } from './support/fixture.ts';

const uses = secretUses({
  apiKeySecret: 'api-key',
  heartbeatSecret: 'beat',
  triggers: { nightly: NIGHTLY },
  channels: {
    qa: { kind: 'slack', secret: 'slack-url' },
    ops: { kind: 'webhook', secret: 'ops-key', url: 'https://example.com' },
  },
});
const of = (name: string) => uses.find(({ secret }) => secret === name) ?? expect.unreachable(name);

test('a deployment reads the API key, the URL of the heartbeat and the secrets of webhooks and channels', () => {
  expect(uses.map(({ secret, of: user }) => [secret, user])).toEqual([
    ['api-key', 'API'],
    ['beat', 'heartbeat'],
    ['hooks/nightly', 'nightly'],
    ['slack-url', 'channel qa'],
    ['ops-key', 'channel ops'],
  ]);
});

test.each([
  ['api-key', undefined, 'the secret api-key has no value', 'rtt secret set api-key --stack s'],
  [
    'beat',
    'http://example.com',
    'Secret beat holds no https URL of a monitor',
    'rtt secret set beat --stack s',
  ],
  [
    'slack-url',
    'T000/B000',
    'Secret slack-url holds no https URL for the channel qa',
    'rtt secret set slack-url --stack s',
  ],
])('%s with the value %s needs a person', (name, value, found, command) => {
  expect(judgeSecret(of(name), value, (words) => `rtt ${words} --stack s`)).toEqual({
    found,
    ok: false,
    command,
  });
});

test.each([
  ['api-key', 'fi-key', 'its key can be read'],
  ['beat', 'https://monitor.example.com/ping/1', 'its monitor has an address'],
  ['slack-url', 'https://hooks.slack.com/services/T/B/x', 'messages go to it by slack'],
  ['ops-key', `whsec_${'A'.repeat(32)}`, 'messages go to it by webhook'],
])('%s with a good value is well', (name, value, found) => {
  expect(judgeSecret(of(name), value, (words) => `rtt ${words} --stack s`)).toEqual({
    found,
    ok: true,
  });
});
