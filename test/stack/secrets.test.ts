import { expect, test } from 'vitest';
import type { TriggersFile } from '../../lib/config/schema.ts';
import { deployedConfig } from '../../lib/stack/deployed-config.ts';
import { CONFIG, IMPORTED_SECRET, NIGHTLY, templateOf } from './synthesized.ts';

test('secrets are created by name and without a value, those given as an ARN are not', () => {
  const secrets = createdSecrets(CONFIG);
  expect(secrets.map(({ Name }) => Name)).toEqual(['api-key', 'hooks/nightly']);
  for (const secret of secrets) {
    expect(Object.keys(secret).sort()).toEqual(['Description', 'Name', 'Tags']);
  }
});

test.each([
  ['a secret that is named twice is created once', 'api-key', ['api-key']],
  ['secrets whose names differ in punctuation only are two', 'api/key', ['api-key', 'api/key']],
])('%s', (_, secret, created) => {
  const webhook = { verify: 'standard-webhooks', secret } as const;
  const secrets = createdSecrets({ ...CONFIG, triggers: { one: { ...NIGHTLY, webhook } } });
  expect(secrets.map(({ Name }) => Name)).toEqual(created);
});

test('the functions ask for the names that the stage was given', () => {
  expect(deployedConfig(CONFIG, 'staging')).toMatchObject({
    apiKeySecret: 'staging/api-key',
    retentionDays: 90,
    timezone: 'Europe/Berlin',
    budget: { perMonth: 300 },
    triggers: {
      nightly: {
        runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
        execute: { selectAll: true, scenarioIds: [] },
        schedules: [
          { flexibleWindowMinutes: 15 },
          { times: { kind: 'at', at: '2026-12-24T08:00:00' } },
        ],
        webhook: { verify: 'standard-webhooks', secret: 'staging/hooks/nightly' },
        startDeadlineMinutes: 30,
        onUnknown: 'hold',
        unknownGraceMinutes: 10,
        follow: true,
        maxDurationMinutes: 360,
        missedAfterMinutes: 10,
        overlap: 'skip',
        budget: { perDay: 3 },
        pauseAfterRejected: 5,
      },
      'after-deploy': {
        runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
        execute: { selectAll: true, scenarioIds: [] },
        schedules: [],
        webhook: { verify: 'standard-webhooks', secret: IMPORTED_SECRET },
        startDeadlineMinutes: 30,
        onUnknown: 'hold',
        unknownGraceMinutes: 10,
        follow: true,
        maxDurationMinutes: 360,
        missedAfterMinutes: 10,
        overlap: 'skip',
        budget: { perDay: 3 },
        pauseAfterRejected: 5,
      },
    },
  });
});

function createdSecrets(config: TriggersFile): { Name: string }[] {
  const resources = templateOf(config).findResources('AWS::SecretsManager::Secret');
  return Object.values(resources).map(({ Properties }) => Properties);
}
