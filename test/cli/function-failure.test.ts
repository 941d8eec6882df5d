import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeRunFile } from '../../lib/local/files/run-file.ts';
import { startLambdaEndpoint } from '../../lib/local/services/lambda-endpoint.ts';
import { rtt } from '../support/terminal.ts';

test('a function that fails may have done what it was asked for: exit code 5', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'failing-'));
  const lambda = await startLambdaEndpoint('LOCALA', async () => ({
    ok: false,
    error: { errorType: 'Error', errorMessage: 'DynamoDB is down' },
  }));
  onTestFinished(async () => {
    await lambda.stop();
    rmSync(stateDir, { recursive: true });
  });
  const { url } = lambda;
  writeRunFile(stateDir, {
    pid: process.pid,
    url,
    apiBaseUrl: url,
    isStandIn: true,
    region: 'us-east-1',
    accessKeyId: 'LOCALA',
    endpoints: { dynamodb: url, eventBridge: url, lambda: url, secretsManager: url, sqs: url },
    commandFunction: 'command',
    functions: [],
    ledgerTable: 'ledger',
    logFile: join(stateDir, 'log.jsonl'),
    messagesFile: join(stateDir, 'notifications.jsonl'),
    deadLetterQueues: [],
  });
  const { code, stderr } = await rtt([
    'pause',
    '--all',
    '--reason',
    'why',
    '--state-dir',
    stateDir,
  ]);
  expect({ code, stderr }).toEqual({
    code: 5,
    stderr: expect.stringContaining(
      `The function has failed: DynamoDB is down\nrtt logs --state-dir ${stateDir} shows more\n`,
    ),
  });
});
