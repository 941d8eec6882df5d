import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeRunFile } from '../../lib/local/files/run-file.ts';
import { startLambdaEndpoint } from '../../lib/local/services/lambda-endpoint.ts';
import { rtt } from '../support/terminal.ts';

const BUSY = "Nothing was changed. Try again: npx rtt pause --all --reason 'why'";

test('a function that fails may have done what it was asked for, one that refuses has not', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'failing-'));
  const error = { errorType: 'Error', errorMessage: 'DynamoDB is down' };
  const outcomes = [
    { ok: false, error },
    { ok: true, payload: JSON.stringify({ refused: BUSY }) },
  ] as const;
  let asked = 0;
  const lambda = await startLambdaEndpoint('LOCALA', async () => {
    asked += 1;
    return outcomes[asked - 1] ?? expect.unreachable();
  });
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
  const pause = ['pause', '--all', '--reason', 'why', '--state-dir', stateDir];
  expect(await rtt(pause)).toMatchObject({
    code: 5,
    stderr: expect.stringContaining(
      `The function has failed: DynamoDB is down\nrtt logs --state-dir ${stateDir} shows more\n`,
    ),
  });
  expect(await rtt(pause)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      `Nothing was changed. Try again: rtt pause --all --reason 'why' --state-dir ${stateDir}\n`,
    ),
  });
});
