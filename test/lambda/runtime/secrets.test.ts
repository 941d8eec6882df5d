import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { secretsManager } from '../../../lambda/runtime/aws.ts';
import { type ReadSecret, secretReader } from '../../../lambda/runtime/secrets.ts';
import { InputError } from '../../../lib/input-error.ts';
import type { LoopbackServer } from '../../../lib/local/server/http-server.ts';
import { startSecretsManager } from '../../../lib/local/services/secrets-manager.ts';
import { awsAt } from '../../support/aws-at.ts';
import { type Clock, clockAt } from '../../support/clock.ts';

let server: LoopbackServer;
let values: Record<string, string>;
let read: ReadSecret;
let clock: Clock;
let isDown = false;
beforeAll(async () => {
  server = await startSecretsManager('KEY', (id) => {
    if (isDown) throw new InputError('Secrets Manager is down');
    return values[id];
  });
});
afterAll(() => server.stop());
beforeEach(() => {
  values = { key: 'old' };
  clock = clockAt('2026-11-24T02:00:00Z');
  read = secretReader(secretsManager(awsAt(server.url)), clock.now);
});

test.each([
  ['at once', 0, 'old'],
  ['after 4 minutes', 4, 'old'],
  ['after 5 minutes', 5, 'new'],
  ['after the clock was set back by 10 minutes', -10, 'new'],
])('%s a rotated value reads as %s', async (_, minutes, expected) => {
  await read('key');
  values.key = 'new';
  clock.advance(Number(minutes));
  expect(await read('key')).toBe(expected);
});

test.each([0, -1])(
  'asked for a fresh value %i minutes later, it is read again',
  async (minutes) => {
    await read('key');
    values.key = 'new';
    clock.advance(minutes);
    expect(await read('key', 0)).toBe('new');
    expect(await read('key')).toBe('new');
  },
);

test('white space around a value is not part of it', async () => {
  values.key = ' fi-key\n';
  expect(await read('key')).toBe('fi-key');
});

test.each([
  ['missing', undefined, 'Secret other does not exist or has no value: npx rtt secret set other'],
  ['blank', '  ', 'Secret other has no text value: set it as a plain string'],
])('a %s secret wants a person', async (_, value, message) => {
  if (value !== undefined) values.other = value;
  await expect(read('other')).rejects.toMatchObject({ name: 'SecretUnusableError', message });
});

test.each([
  [29, 'is still unusable'],
  [30, 'is read'],
])('%i s after it was missing, a secret that was set %s', async (seconds) => {
  await expect(read('late')).rejects.toThrow('Secret late does not exist');
  values.late = 'fi-key';
  clock.advance(seconds / 60);
  if (seconds < 30) await expect(read('late')).rejects.toThrow('Secret late does not exist');
  else expect(await read('late')).toBe('fi-key');
  expect(await read('late', 0)).toBe('fi-key');
});

test.each([
  ['4 s later', undefined, 4, 'fails'],
  ['5 s later', undefined, 5, 'reads'],
  ['29 s later, wanted from the last 30 s,', 30_000, 29, 'fails'],
  ['30 s later, wanted from the last 30 s,', 30_000, 30, 'reads'],
  ['at once, wanted anew,', 0, 0, 'reads'],
])('%s a secret that could not be read %s', async (_, maxAgeMs, seconds, outcome) => {
  isDown = true;
  await expect(read('key', maxAgeMs)).rejects.toThrow('is down');
  isDown = false;
  clock.advance(seconds / 60);
  if (outcome === 'fails') await expect(read('key', maxAgeMs)).rejects.toThrow('is down');
  else expect(await read('key', maxAgeMs)).toBe('old');
});
