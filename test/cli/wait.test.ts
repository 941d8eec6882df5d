import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { againOf } from '../../lambda/firing/again.ts';
import type { Firing } from '../../lambda/firing/firing.ts';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import type { Io } from '../../lib/cli/io.ts';
import { rootCommand, sessionOf } from '../../lib/cli/program.ts';
import { waitFor } from '../../lib/cli/wait.ts';
import type { LoopbackServer } from '../../lib/local/server/http-server.ts';
import { startLambdaEndpoint } from '../../lib/local/services/lambda-endpoint.ts';
import type { Target } from '../../lib/target/target.ts';
import { NIGHTLY } from '../support/fixture.ts';

const KEY = 'LOCALA';
/** What each poll finds, the last one again and again. */
let polls: (Firing | 'fails' | 'none')[] = [];
let lambda: LoopbackServer;
beforeAll(async () => {
  lambda = await startLambdaEndpoint(KEY, async () => {
    const found = polls.length > 1 ? polls.shift() : polls[0];
    return found === 'fails'
      ? { ok: false, error: { errorType: 'Error', errorMessage: 'DynamoDB is down' } }
      : { ok: true, payload: JSON.stringify(found === 'none' ? {} : { firing: found }) };
  });
});
afterAll(() => lambda.stop());

let sleptMs = 0;
beforeEach(() => {
  sleptMs = 0;
});

async function wait(timeoutMs = 3_600_000) {
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof said) =>
    new Writable({
      write(chunk, _encoding, done) {
        said[name] += chunk;
        done();
      },
    });
  const clock = {
    now: () => new Date(START.getTime() + sleptMs),
    async sleep(milliseconds: number) {
      sleptMs += milliseconds;
    },
  };
  const io: Io = {
    stdin: process.stdin,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    progress: stream('stderr'),
    environment: {},
    clock,
    calledAs: 'rtt',
    exitCode: 0,
  };
  const root = rootCommand().action(() => {});
  root.parse(['--json'], { from: 'user' });
  const awaited = {
    id: DUE.id,
    trigger: 'nightly',
    dashboard: { apiBaseUrl: 'http://127.0.0.1' },
    timeoutMs,
  };
  await waitFor(awaited, target(), sessionOf(io, root));
  return { code: io.exitCode, sleptMs, ...said };
}

function target(): Target {
  const credentials = { accessKeyId: KEY, secretAccessKey: 'any' };
  return {
    kind: 'local',
    name: 'local run',
    isStandIn: true,
    commandFunction: 'command',
    webhookUrl: () => '',
    functions: async () => [],
    ledgerTable: 'none',
    tags: [],
    deadLetterQueues: [],
    logs: { kind: 'groups', groups: {} },
    // The ledger does not answer there, so nothing tells how long a run takes.
    client: () => ({ region: 'eu-central-1', endpoint: lambda.url, credentials }),
  };
}

const START = new Date('2026-11-24T02:00:00Z');
const DUE = newFiring(
  { trigger: 'nightly', cause: { kind: 'command', requestId: '1' }, at: START },
  NIGHTLY,
  START,
);
const { nextCheckAt: _, ...over } = DUE;
const SKIPPED: Firing = { ...over, state: 'skipped', reason: 'paused' };

test('a poll that fails is repeated, and the end is told', async () => {
  polls = [DUE, 'fails', 'fails', SKIPPED];
  const { code, stderr, stdout } = await wait();
  expect({ code, state: JSON.parse(stdout).state }).toEqual({ code: 3, state: 'skipped' });
  expect(stderr).toBe(`  ${DUE.id}\n  not started yet\n  DynamoDB is down; asked again\n`);
});

test('a service that does not answer for two minutes has a code of its own', async () => {
  polls = [DUE, 'fails'];
  const { code, stderr, sleptMs } = await wait();
  expect({ code, sleptMs }).toEqual({ code: 5, sleptMs: 24 * 5_000 });
  expect(stderr).toContain(
    `The service does not answer; what has started goes on: rtt show ${DUE.id}\n`,
  );
});

test('the time that one waits ends, and the firing goes on', async () => {
  polls = [DUE];
  const { code, sleptMs, stderr } = await wait(12_000);
  expect({ code, sleptMs }).toEqual({ code: 4, sleptMs: 12_000 });
  expect(stderr).toContain(`Not over yet; what has started goes on: rtt show ${DUE.id}\n`);
});

/** An execution that ended with this verdict. */
function finished(
  verdict: 'passed' | 'failed',
  of: Pick<Firing, 'id' | 'cause' | 'policy'>,
): Firing {
  const at = START.toISOString();
  return {
    ...over,
    ...of,
    state: 'completed',
    runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
    sentAt: at,
    attempts: [{ sentAt: at, outcome: 'started' }],
    execution: { id: 'b8f5f0a2-6f0e-4e57-9c1e-0d6f3f0c7a11', status: 'completed' },
    result: {
      verdict,
      status: 'completed',
      reasons: [],
      finishedAt: at,
      failedScenarioIds: ['5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5'],
    },
  };
}
const { id, cause, policy } = over;
const FAILED = finished('failed', {
  id,
  cause,
  policy: { ...policy, retryFailed: { times: 1, of: 'scenarios' } },
});
const SECOND = againOf(FAILED, START);

test.each([
  ['passes', 'passed', 0, 'completed'],
  ['fails as well', 'failed', 1, 'completed'],
  ['is skipped', undefined, 1, 'completed'],
] as const)('one waits for the second try, which %s', async (_name, verdict, code, state) => {
  if (!SECOND) return expect.fail('no second try');
  const { nextCheckAt: __, ...second } = SECOND;
  const skipped: Firing = { ...second, state: 'skipped', reason: 'budget' };
  const end = verdict ? finished(verdict, second) : skipped;
  polls = [FAILED, 'none', SECOND, end];
  const waited = await wait();
  const shown = JSON.parse(waited.stdout);
  expect({ code: waited.code, state: shown.state, id: shown.id }).toEqual({
    code,
    state,
    id: verdict ? SECOND.id : FAILED.id,
  });
  expect(waited.stderr).toBe(
    `  ${FAILED.id}\n  failed; the scenarios that failed are tried again\n  ${SECOND.id}\n  ${SECOND.id} is not in the ledger yet; asked again\n  not started yet\n`,
  );
});
