import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readRunFile, removeRunFile, writeRunFile } from '../../lib/local/files/run-file.ts';
import { openStateDirectory } from '../../lib/local/files/state-file.ts';
import { localTarget } from '../../lib/target/local-target.ts';

function runAt(port: number, accessKeyId: string) {
  const url = `http://127.0.0.1:${port}`;
  return {
    pid: process.pid,
    url,
    apiBaseUrl: url,
    isStandIn: true,
    region: 'us-east-1',
    accessKeyId,
    endpoints: { dynamodb: url, eventBridge: url, lambda: url, secretsManager: url, sqs: url },
    commandFunction: 'arn:command',
    functions: ['arn:command'],
    ledgerTable: 'ledger',
    logFile: 'log.jsonl',
    messagesFile: 'messages.jsonl',
    deadLetterQueues: [],
  };
}

test('a command that waits follows a local run to its next ports and key', () => {
  const state = mkdtempSync(join(tmpdir(), 'target-'));
  onTestFinished(() => rmSync(state, { recursive: true }));
  openStateDirectory(state);
  const run = runAt(8787, 'LOCALBEFORE');
  const target = localTarget(run, () => readRunFile(state) ?? run);
  writeRunFile(state, runAt(9999, 'LOCALAFTER'));
  expect(target.client('lambda')).toMatchObject({
    endpoint: 'http://127.0.0.1:9999',
    credentials: { accessKeyId: 'LOCALAFTER' },
  });
  removeRunFile(state);
  expect(target.client('lambda')).toMatchObject({ endpoint: 'http://127.0.0.1:8787' });
});
