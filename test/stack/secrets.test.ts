import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { secretUses } from '../../lib/secret-uses.ts';
import { deployedConfig } from '../../lib/stack/deployed-config.ts';
import {
  CONFIG,
  IMPORTED_SECRET,
  joined,
  NIGHTLY,
  propertiesOf,
  templateOf,
  WATCHED,
} from './synthesized.ts';

const ARN = 'arn:<Partition>:secretsmanager:<Region>:<AccountId>:secret:';

test.each([
  ['default', undefined, [`${ARN}api-key-??????`, `${ARN}hooks/nightly-??????`, IMPORTED_SECRET]],
  [
    'staging',
    'staging',
    [`${ARN}staging/api-key-??????`, `${ARN}staging/hooks/nightly-??????`, IMPORTED_SECRET],
  ],
])('the %s stack creates no secret, and may read these', (_, stage, readable) => {
  const template = templateOf(WATCHED, stage);
  template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  expect([...new Set(readableSecrets(template))].sort()).toEqual(readable.sort());
});

test('a webhook of a topic has no secret', () => {
  const topic = 'arn:aws:sns:eu-central-1:123456789012:releases';
  const webhook = { verify: 'sns', topic } as const;
  const config = { ...CONFIG, triggers: { nightly: { ...NIGHTLY, webhook } } };
  const template = templateOf(config, 'staging');
  expect([...new Set(readableSecrets(template))]).toEqual([`${ARN}staging/api-key-??????`]);
  const outputs = Object.keys(template.findOutputs('*'));
  expect(outputs.filter((id) => id.includes('Nightly'))).toEqual(['WebhookUrlNightly']);
  const deployed = deployedConfig(config, 'staging');
  expect(deployed.triggers.nightly?.webhook).toEqual(webhook);
  expect(secretUses(deployed).map(({ secret }) => secret)).toEqual(['staging/api-key']);
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

/** The resources of all statements that allow to read a secret. */
function readableSecrets(template: Template): string[] {
  const statements: { Action: string; Resource: unknown }[] = Object.values(
    propertiesOf(template, 'AWS::IAM::Policy'),
  ).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return statements
    .filter(({ Action }) => Action === 'secretsmanager:GetSecretValue')
    .map(({ Resource }) => joined(Resource));
}
