import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readSecretsFile } from '../../../lib/local/files/secrets-file.ts';
import { startSecretsManager } from '../../../lib/local/services/secrets-manager.ts';
import { temporaryDirectory } from '../hand-written-stack.ts';

async function client(lookUp: (id: string) => string | undefined, accessKeyId = 'KEY') {
  const server = await startSecretsManager('KEY', lookUp);
  const secretsManager = new SecretsManagerClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    secretsManager.destroy();
    await server.stop();
  });
  return (SecretId: string) => secretsManager.send(new GetSecretValueCommand({ SecretId }));
}

describe('an SDK client', () => {
  test.each([
    ['by name', 'app/key', 'value'],
    ['by full ARN', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/key-AbCdEf', 'value'],
    ['by an ARN that is itself the name', 'arn:aws:secretsmanager:x:1:secret:own-AbCdEf', 'own'],
  ])('gets a value %s', async (_how, secretId, value) => {
    const values = { 'app/key': 'value', 'arn:aws:secretsmanager:x:1:secret:own-AbCdEf': 'own' };
    const get = await client((id) => Object.entries(values).find(([name]) => name === id)?.[1]);
    expect(await get(secretId)).toMatchObject({
      SecretString: value,
      VersionStages: ['AWSCURRENT'],
    });
  });

  test.each([
    ['that does not exist', undefined],
    ['without a value', ''],
  ])('is refused a secret %s', async (_which, value) => {
    const get = await client(() => value);
    await expect(get('app/key')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('without the access key of the run is refused', async () => {
    const get = await client(() => 'value', 'OTHER');
    await expect(get('app/key')).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  test('reads a rotated value, and is told of a damaged file', async () => {
    const file = join(temporaryDirectory(), 'secrets.json');
    const get = await client((id) => readSecretsFile(file)[id]);
    writeFileSync(file, '{"app/key": "old"}');
    expect((await get('app/key')).SecretString).toBe('old');
    writeFileSync(file, '{"app/key": "new"}');
    expect((await get('app/key')).SecretString).toBe('new');
    writeFileSync(file, '{"app/key": ');
    await expect(get('app/key')).rejects.toMatchObject({
      name: 'InternalServiceError',
      message: `${file} cannot be used: it is not JSON. Fix it or delete it.`,
    });
  });
});

test.each(['__proto__', 'constructor', 'toString'])(
  'the operation %s of every object is none of the service',
  async (target) => {
    const server = await startSecretsManager('KEY', () => 'value');
    onTestFinished(() => server.stop());
    const headers = { authorization: 'AWS4 Credential=KEY/', 'x-amz-target': target };
    const response = await fetch(server.url, { method: 'POST', headers, body: '{}' });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { __type: 'UnknownOperationException' },
    ]);
  },
);
