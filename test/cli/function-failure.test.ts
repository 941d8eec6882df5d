import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { writeRunFile } from '../../lib/local/files/run-file.ts';
import { listenOnLoopback } from '../../lib/local/server/http-server.ts';
import { startLambdaEndpoint } from '../../lib/local/services/lambda-endpoint.ts';
import { rtt } from '../support/terminal.ts';

const TESTED = { channel: 'qa', kind: 'slack', sent: 'a message', answer: 'HTTP 500' };
const NOTIFY = 'stack-notify';
const BUSY = "Nothing was changed. Try again: npx rtt pause --all --reason 'why'";

test('a function that fails may have done what it was asked for, one that refuses has not; an answer of another shape is an error', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'failing-'));
  const error = { errorType: 'Error', errorMessage: 'DynamoDB is down' };
  const outcomes = [
    { ok: false, error },
    { ok: true, payload: JSON.stringify({ refused: BUSY }) },
    { ok: true, payload: JSON.stringify([{ ...TESTED, ok: 'no' }]) },
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
  runAt(lambda.url, stateDir);
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
  expect(await rtt(['notify', '--test', '--state-dir', stateDir])).toMatchObject({
    code: 5,
    stdout: '',
    stderr: expect.stringContaining('expected boolean, received string'),
  });
});

test.each([
  {
    isReached: true,
    code: 5,
    said: 'The service did not answer (socket hang up), but may have done it. Look',
    next: 'Look before you fire again:',
  },
  { isReached: false, code: 2, said: 'The service cannot be reached (', next: '): try again\n' },
])('a service that ends while a command is sent: reached $isReached', async (wanted) => {
  // The SDK waits no time between its attempts.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const stateDir = mkdtempSync(join(tmpdir(), 'ending-'));
  let asked = 0;
  const server = createServer((request, response) => {
    const end = () => server.close().closeAllConnections();
    asked += 1;
    if (request.method === 'GET') return void response.writeHead(400).end();
    if (asked > 2) return end();
    response.end(JSON.stringify({ triggers: { nightly: {} } }), () => wanted.isReached || end());
  });
  onTestFinished(() => {
    vi.restoreAllMocks();
    server.close();
    rmSync(stateDir, { recursive: true });
  });
  const { url } = await listenOnLoopback(server, 0);
  runAt(url, stateDir);
  const { code, screen } = await rtt(['fire', 'nightly', '--state-dir', stateDir]);
  expect({ code, screen }).toEqual({
    code: wanted.code,
    screen: expect.stringContaining(wanted.said),
  });
  expect(screen).toContain(wanted.next);
  expect(screen.match(/try again|Look before/g)).toHaveLength(1);
});

/** Has commands find a local run there. */
function runAt(url: string, stateDir: string): void {
  writeRunFile(stateDir, {
    pid: process.pid,
    url,
    apiBaseUrl: url,
    isStandIn: true,
    region: 'us-east-1',
    accessKeyId: 'LOCALA',
    endpoints: { dynamodb: url, eventBridge: url, lambda: url, secretsManager: url, sqs: url },
    commandFunction: 'command',
    functions: [NOTIFY],
    ledgerTable: 'ledger',
    logFile: join(stateDir, 'log.jsonl'),
    messagesFile: join(stateDir, 'notifications.jsonl'),
    deadLetterQueues: [],
  });
}
