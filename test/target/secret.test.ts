import { expect, onTestFinished, test } from 'vitest';
import { ServiceFault, serveAwsJson } from '../../lib/local/server/aws-service.ts';
import { putSecret } from '../../lib/target/secret.ts';
import type { Target } from '../../lib/target/target.ts';

/** Secrets Manager with these secrets, and what was asked of it. */
async function secretsManager(...existing: string[]) {
  const asked: unknown[] = [];
  const server = await serveAwsJson(['ANY'], '1.1', {
    'secretsmanager.PutSecretValue': (input: unknown) => {
      const { ClientRequestToken: _, ...request } = Object(input);
      if (!existing.includes(request.SecretId)) {
        throw new ServiceFault('ResourceNotFoundException', 'No such secret');
      }
      asked.push({ put: request });
      return {};
    },
    'secretsmanager.CreateSecret': (input: unknown) => {
      const { ClientRequestToken: _, ...request } = Object(input);
      asked.push({ create: request });
      return {};
    },
  });
  onTestFinished(() => server.stop());
  const target: Target = {
    kind: 'deployed',
    name: 'test',
    isStandIn: false,
    commandFunction: 'trigger',
    webhookUrl: (trigger) => `https://hooks.example/${trigger}`,
    functions: async () => [],
    ledgerTable: 'ledger',
    logs: { kind: 'groups', groups: {} },
    tags: [{ Key: 'stage', Value: 'staging' }],
    deadLetterQueues: [],
    client: () => ({
      region: 'eu-central-1',
      endpoint: server.url,
      credentials: { accessKeyId: 'ANY', secretAccessKey: 'any' },
    }),
  };
  return { asked, target };
}

test('a secret that does not exist is created with the tags of the stack', async () => {
  const { asked, target } = await secretsManager();
  await putSecret(target, 'staging/key', 'value');
  const Tags = [{ Key: 'stage', Value: 'staging' }];
  expect(asked).toEqual([{ create: { Name: 'staging/key', SecretString: 'value', Tags } }]);
});

test('one that exists gets a new value', async () => {
  const { asked, target } = await secretsManager('staging/key');
  await putSecret(target, 'staging/key', 'value');
  expect(asked).toEqual([{ put: { SecretId: 'staging/key', SecretString: 'value' } }]);
});

test('one that is named by an ARN is not created', async () => {
  const { asked, target } = await secretsManager();
  const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-a1B2c3';
  await expect(putSecret(target, arn, 'value')).rejects.toThrow('No such secret');
  expect(asked).toEqual([]);
});
