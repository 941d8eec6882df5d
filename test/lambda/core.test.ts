import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createCore } from '../../lambda/core.ts';

const CONFIG = { apiKeySecret: 'api-key', retentionDays: 90, timezone: 'UTC' };
const ENVIRONMENT = { LEDGER_TABLE: 'ledger', API_BASE_URL: 'https://api.example.test' };

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
  const core = createCore(CONFIG, ENVIRONMENT);
  await Promise.all([
    expect(core.ledger.read('x')).rejects.toThrow('1500 ms'),
    expect(core.readSecret('api-key')).rejects.toThrow('1500 ms'),
  ]);
});

test('a function without its environment says what to do', () => {
  expect(() => createCore(CONFIG, {})).toThrow(
    'Environment variable LEDGER_TABLE is not set: deploy the stack again',
  );
});
