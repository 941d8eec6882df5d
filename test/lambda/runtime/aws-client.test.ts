import { once } from 'node:events';
import { createServer } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openLedger } from '../../../lambda/ledger/ledger.ts';
import { AWS_CLIENT } from '../../../lambda/runtime/aws-client.ts';
import { required } from '../../../lambda/runtime/environment.ts';
import { secretReader } from '../../../lambda/runtime/secrets.ts';

test('AWS services that accept a connection and never answer are given up', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${address.port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'any');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.close();
  });
  const ledger = openLedger(new DynamoDBClient(AWS_CLIENT), 'ledger');
  const readSecret = secretReader(new SecretsManagerClient(AWS_CLIENT), () => new Date());
  await Promise.all([
    expect(ledger.read('x')).rejects.toThrow('1500 ms'),
    expect(readSecret('api-key')).rejects.toThrow('1500 ms'),
  ]);
});

test('a function without its environment says what to do', () => {
  expect(() => required({}, 'LEDGER_TABLE')).toThrow(
    'Environment variable LEDGER_TABLE is not set: deploy the stack again',
  );
});
