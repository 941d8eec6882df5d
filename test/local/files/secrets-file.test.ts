import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  addMissingSecrets,
  newWebhookSecret,
  readSecretsFile,
} from '../../../lib/local/files/secrets-file.ts';
import { temporaryDirectory } from '../hand-written-stack.ts';

test('missing secrets are generated, others kept, for the owner alone', () => {
  const file = join(temporaryDirectory(), 'secrets.json');
  writeFileSync(file, '{"kept": "own value", "empty": ""}');
  addMissingSecrets(file, ['kept', 'empty', 'new'], () => 'generated');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    kept: 'own value',
    empty: 'generated',
    new: 'generated',
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('without a file there are no secrets', () => {
  expect(readSecretsFile(join(temporaryDirectory(), 'secrets.json'))).toEqual({});
});

test('a webhook secret is 32 random bytes', () => {
  const secret = newWebhookSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newWebhookSecret()).not.toBe(secret);
});
