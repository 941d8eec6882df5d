import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { setGlobalProxyFromEnv } from 'node:http';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { logFile } from '../../../lib/local/files/log-file.ts';
import { findRun } from '../../../lib/local/files/run-file.ts';
import { openStateDirectory, writeFileAtomically } from '../../../lib/local/files/state-file.ts';
import { serveLoopback } from '../../../lib/local/server/http-server.ts';
import { temporaryDirectory } from '../hand-written-stack.ts';

const RUN = {
  pid: 2 ** 30,
  url: 'http://127.0.0.1:1',
  apiBaseUrl: 'https://api.futureagi.com',
  isStandIn: true,
  region: 'us-east-1',
  accessKeyId: 'LOCALA',
  endpoints: {
    dynamodb: 'http://127.0.0.1:1',
    eventBridge: 'http://127.0.0.1:1',
    lambda: 'http://127.0.0.1:1',
    secretsManager: 'http://127.0.0.1:1',
    sqs: 'http://127.0.0.1:1',
  },
  commandFunction: 'trigger',
  functions: [],
  ledgerTable: 'ledger',
  logFile: 'log.jsonl',
  messagesFile: 'notifications.jsonl',
  deadLetterQueues: [],
};

function planted(run: object, mode = 0o600): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'run.json'), JSON.stringify(run), { mode });
  return directory;
}

test('a run whose process is gone is stale', async () => {
  expect(await findRun(planted(RUN))).toBe('stale');
});

test('a live run is found without a proxy, which would read its key', async () => {
  const asked: (string | undefined)[] = [];
  const server = await serveLoopback(async (request, response) => {
    asked.push(request.headers.authorization);
    response.writeHead(400).end();
  });
  onTestFinished(() => server.stop());
  onTestFinished(setGlobalProxyFromEnv({ http_proxy: 'http://127.0.0.1:9' }));
  const run = { ...RUN, pid: process.pid, endpoints: { ...RUN.endpoints, lambda: server.url } };
  expect(await findRun(planted(run))).toEqual(run);
  expect(asked).toEqual(['Credential=LOCALA/']);
});

test.each([
  ['every process', { pid: 0 }],
  ['a group of processes', { pid: -1 }],
  ['another host', { endpoints: { ...RUN.endpoints, secretsManager: 'http://evil.example' } }],
  ['another loopback name', { endpoints: { ...RUN.endpoints, lambda: 'http://127.0.0.1.nip.io' } }],
  ['another protocol', { url: 'https://127.0.0.1' }],
  ['a queue elsewhere', { deadLetterQueues: ['http://10.0.0.1/queue'] }],
])('a run file that names %s is refused', async (_name, changes) => {
  await expect(findRun(planted({ ...RUN, ...changes }))).rejects.toThrow('run.json cannot be used');
});

test('a run file that others can write is refused', async () => {
  const directory = planted(RUN);
  chmodSync(join(directory, 'run.json'), 0o666);
  await expect(findRun(directory)).rejects.toThrow('is not yours alone');
});

test('a state folder in which others may write is refused', () => {
  const directory = join(temporaryDirectory(), 'shared');
  mkdirSync(directory);
  chmodSync(directory, 0o777);
  expect(() => openStateDirectory(directory)).toThrow(
    `Another user may write in ${directory}: choose another folder with --state-dir, or run chmod go-w ${directory}`,
  );
});

test('a state folder behind a link of the user’s own is used', () => {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o700);
  const link = join(temporaryDirectory(), 'link');
  symlinkSync(directory, link);
  expect(() => openStateDirectory(link)).not.toThrow();
});

/** Only root can make what belongs to somebody else. */
const asRoot = test.runIf(userInfo().uid === 0);
const NOBODY = 65_534;

asRoot('a state folder behind a link of another user is refused', () => {
  const link = join(temporaryDirectory(), 'link');
  symlinkSync(temporaryDirectory(), link);
  lchownSync(link, NOBODY, NOBODY);
  expect(() => openStateDirectory(link)).toThrow('Another user may write');
});

asRoot('a run file of another user is refused, whatever is in it', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'run.json');
  writeFileSync(file, 'no JSON', { mode: 0o600 });
  chownSync(file, NOBODY, NOBODY);
  await expect(findRun(directory)).rejects.toThrow('is not yours alone');
});

test('a new state folder is for its owner alone', () => {
  const directory = join(temporaryDirectory(), 'state');
  openStateDirectory(directory);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

test('a log whose folder was moved loses its lines and ends nothing', () => {
  const keep = logFile(join(temporaryDirectory(), 'moved', 'log.jsonl'));
  expect(() => keep({ time: '2026-11-24T02:00:00Z', source: 'sweep', line: '{}' })).not.toThrow();
});

test.each(['run.json', `run.json.${process.pid}.tmp`])(
  'a link at %s is replaced, not followed',
  (name) => {
    const directory = temporaryDirectory();
    const target = join(directory, 'target');
    writeFileSync(target, 'kept');
    symlinkSync(target, join(directory, name));
    writeFileAtomically(join(directory, 'run.json'), 'new');
    expect(readFileSync(target, 'utf8')).toBe('kept');
    expect(readFileSync(join(directory, 'run.json'), 'utf8')).toBe('new');
  },
);
