import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { findRun } from '../../lib/local/files/run-file.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';
import { runFixture } from '../support/local-run.ts';
import { CALLER, PENDING, startStackEndpoint } from '../support/stack-endpoint.ts';
import { rtt } from '../support/terminal.ts';

/** A local run whose endpoints stand for those of AWS, found as a deployed stack is. */
const directory = mkdtempSync(join(tmpdir(), 'deployed-'));
const stateDir = join(directory, 'state');
const NOWHERE = ['--state-dir', join(directory, 'none')];
const STAGING = [...NOWHERE, '--stage', 'staging', '--region', 'eu-central-1'];
const LOCAL = ['--local', '--state-dir', stateDir];
let run: LocalRun;
let stack: Awaited<ReturnType<typeof startStackEndpoint>>;
beforeAll(async () => {
  run = await runFixture('triggers', { stateDirectory: stateDir });
  const found = await findRun(stateDir);
  if (found === undefined || found === 'stale') throw new Error('The run has left no file');
  stack = await startStackEndpoint({
    name: 'run-test-trigger-staging',
    functions: found.functions,
    outputs: {
      CommandFunction: found.commandFunction,
      LedgerTable: found.ledgerTable,
      NotificationTopic: 'arn:aws:sns:eu-central-1:111122223333:run-test-trigger',
      WebhookUrlCheckoutAfterDeploy: `${run.url}/hooks/checkout-after-deploy`,
      ...Object.fromEntries(
        found.deadLetterQueues.map((url, index) => [`Q${index}DeadLetterQueue`, url]),
      ),
    },
  });
  const { endpoints, accessKeyId } = found;
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', stack.url);
  vi.stubEnv('AWS_ENDPOINT_URL_STS', stack.url);
  vi.stubEnv('AWS_ENDPOINT_URL_SNS', stack.url);
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', endpoints.lambda);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', endpoints.dynamodb);
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', endpoints.secretsManager);
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', endpoints.sqs);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await stack.stop();
  await run.stop();
  rmSync(directory, { recursive: true });
});

test('a trigger of the deployed stack starts, and its firing is in the ledger', async () => {
  const fired = await rtt(['fire', 'nightly-regression', '--json', ...STAGING]);
  expect(fired).toMatchObject({
    code: 0,
    stderr: '→ stack run-test-trigger-staging in eu-central-1\n',
  });
  const report = JSON.parse(fired.stdout);
  expect(report).toMatchObject({ trigger: 'nightly-regression', state: 'started' });

  const shown = await rtt(['show', report.firing, '--json', ...STAGING]);
  expect(JSON.parse(shown.stdout)).toMatchObject({
    id: report.firing,
    execution: { id: report.execution_id },
  });
  const listed = await rtt(['history', 'nightly-regression', '--json', ...STAGING]);
  expect(JSON.parse(listed.stdout)).toMatchObject([{ id: report.firing, state: 'started' }]);
});

test('a pause is the IAM caller’s', async () => {
  const paused = await rtt(['pause', '--all', '--reason', 'why', '--json', ...STAGING]);
  expect(JSON.parse(paused.stdout)).toMatchObject({ by: CALLER, reason: 'why' });
  const skipped = await rtt(['fire', 'checkout-after-deploy', ...STAGING]);
  expect(skipped).toMatchObject({ code: 3 });
  expect(skipped.stdout).toContain(`Every trigger is paused (by\n            ${CALLER},`);
  const anyway = ['fire', 'checkout-after-deploy', '--even-if-paused', '--json', ...STAGING];
  expect(JSON.parse((await rtt(anyway)).stdout)).toMatchObject({ state: 'started' });
  expect((await rtt(['resume', '--all', '--reason', 'over', ...STAGING])).stdout).toContain(
    '✓ Every trigger is resumed',
  );
});

test('a secret is set', async () => {
  const name = 'run-test-trigger/webhooks/nightly-regression';
  const value = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  expect((await rtt(['secret', 'set', name, ...STAGING], { stdin: `${value}\n` })).code).toBe(0);
  expect(JSON.parse(readFileSync(run.secretsFile, 'utf8'))).toMatchObject({ [name]: value });
});

test('the doctor examines what is deployed, and who gets no message', async () => {
  const { code, stdout } = await rtt(['doctor', '--json', ...STAGING]);
  expect({ code, failing: JSON.parse(stdout).filter(({ ok }: { ok: boolean }) => !ok) }).toEqual({
    code: 1,
    failing: [
      {
        what: 'messages',
        found: expect.stringMatching(`^${PENDING} has not confirmed its subscription`),
        ok: false,
      },
    ],
  });
});

test('a test message goes to the topic of the stack, and who has not confirmed is named', async () => {
  const { code, stdout } = await rtt(['notify', '--test', '--json', ...STAGING]);
  expect({ code, tests: JSON.parse(stdout) }).toEqual({
    code: 0,
    tests: [
      {
        channel: 'topic',
        kind: 'topic',
        ok: true,
        sent: 'a message to every subscriber',
        answer: 'taken by SNS',
        what_to_do: `${PENDING} gets nothing until the link in AWS’s e-mail is opened.`,
      },
    ],
  });
  expect(readFileSync(run.notificationsFile, 'utf8')).toContain('Test: nothing has happened');
});

test('the doctor names a pause with its end', async () => {
  const pause = ['pause', 'nightly-regression', '--reason', 'why', '--until'];
  await rtt([...pause, '2999-01-01T00:00:00Z', ...LOCAL]);
  const { code, stdout } = await rtt(['doctor', '--json', ...LOCAL]);
  await rtt(['resume', 'nightly-regression', '--reason', 'over', ...LOCAL]);
  expect({ code, failing: JSON.parse(stdout).filter(({ ok }: { ok: boolean }) => !ok) }).toEqual({
    code: 1,
    failing: [
      {
        what: 'nightly-regression',
        found: expect.stringMatching(/^paused by .+ until 2999-01-01T00:00:00.000Z: why$/),
        command: `rtt resume nightly-regression --reason "it works again" --local --state-dir ${stateDir}`,
        ok: false,
      },
    ],
  });
});

test('next shows what is deployed where a target is named, and fails where there is none', async () => {
  const from = ['--from', '2026-11-24T00:00:00Z', '--json'];
  const { code, stdout } = await rtt(['next', '--count', '1', ...from, ...STAGING]);
  expect({ code, times: JSON.parse(stdout) }).toMatchObject({
    code: 0,
    times: [{ trigger: 'nightly-regression', scheduledTime: '2026-11-24T07:00:00.000Z' }],
  });
  const nosuch = ['--stack', 'nosuch', '--region', 'eu-central-1'];
  const failed = await rtt(['next', ...from, ...NOWHERE, ...nosuch]);
  expect({ code: failed.code, stdout: failed.stdout }).toEqual({ code: 2, stdout: '' });
  expect(failed.stderr).toContain('Stack with id nosuch does not exist');
});

test('empty queues are said to be so', async () => {
  expect(await rtt(['redrive', ...STAGING])).toMatchObject({
    code: 0,
    stdout: 'The dead-letter queues are empty.\n',
  });
});

test('a stack that does not exist is named, with what to do', async () => {
  const { code, stderr } = await rtt(['history', ...NOWHERE, '--region', 'eu-central-1']);
  expect(code).toBe(2);
  expect(stderr).toBe(
    `→ stack run-test-trigger in eu-central-1\nStack with id run-test-trigger does not exist: name the stack with --stack or --stage and where it is with --region or --profile, or deploy it (rtt deploy --region eu-central-1 --state-dir ${NOWHERE[1]})\n`,
  );
});

test.each([
  [['--local'], 'local run'],
  [[], 'local run'],
  [['--stage', 'staging', '--region', 'eu-west-1'], 'stack run-test-trigger-staging in eu-west-1'],
])('with the local run in reach, %j means the %s', async (options, target) => {
  const { stderr } = await rtt(['history', '--state-dir', stateDir, ...options]);
  expect(stderr).toContain(`→ ${target}`);
});

test.each(['AWS_PROFILE', 'AWS_ACCESS_KEY_ID'])(
  'with a local run in reach, %s alone reaches for nothing',
  async (variable) => {
    const environment = { [variable]: 'x', AWS_REGION: 'eu-central-1' };
    const fire = ['fire', 'nightly-regression', '--state-dir', stateDir];
    expect(await rtt(fire, { environment })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^A local run is at http:\S+, and \w+ asks for a deployed stack: add --local, or --stack run-test-trigger\n$/,
      ),
    });
    const { stderr } = await rtt([...fire, '--dry-run', '--local'], { environment });
    expect(stderr).toContain('→ local run at http:');
  },
);

test('a file that begins with the stand-in names the real server, whatever that speaks', async () => {
  const file = join(directory, 'starter.yaml');
  expect((await rtt(['init', '--triggers', file, ...LOCAL])).code).toBe(0);
  const written = readFileSync(file, 'utf8');
  expect(written).toContain('  baseUrl: https://api.futureagi.com\n');
  expect(written).not.toContain('dialect:');
});

test('a file that begins with a stack names its server', async () => {
  const file = join(directory, 'staging.yaml');
  expect((await rtt(['init', '--triggers', file, ...STAGING])).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toContain(
    `  baseUrl: ${run.apiBaseUrl}\n  secret: run-test-trigger/api-key # name in Secrets Manager; rtt secret set gives it its value\n  dialect: documented #`,
  );
});

test('a file in a folder that does not exist is refused with its place', async () => {
  const file = join(directory, 'no', 'starter.yaml');
  const { code, stderr } = await rtt(['init', '--triggers', file, ...LOCAL]);
  expect(code).toBe(2);
  expect(stderr).toContain(`${file} cannot be used: no such file or directory (open).`);
});

test.each([
  [
    ['--all'],
    `Not all triggers are paused; this ends the pause of one: rtt resume TRIGGER --reason "it works again" --local --state-dir ${stateDir}`,
  ],
  [['nightly-regression'], 'nightly-regression is not paused'],
])('where nothing is paused, resume %j says so', async (which, text) => {
  const resumed = await rtt(['resume', ...which, '--reason', 'over', ...LOCAL]);
  expect(resumed).toMatchObject({ code: 0, stdout: `${text}\n` });
});

test('what cannot be started is refused within 80 columns, and nothing is recorded', async () => {
  const asked = ['fire', 'nightly-regression', '--dry-run', '--scenario', 'nope', ...LOCAL];
  const { code, stdout } = await rtt(asked);
  expect(code).toBe(3);
  expect(stdout).toMatch(
    /^Would not start\n {2}reason {2}The run test has no scenario "nope"; it has/,
  );
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('a delivery goes to the URL in the stack’s outputs', async () => {
  const { code, stdout } = await rtt(['deliver', 'checkout-after-deploy', ...STAGING]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('HTTP 202') });
  expect((await rtt(['deliver', 'nightly-regression', ...STAGING])).stderr).toContain(
    'has no output WebhookUrlNightlyRegression',
  );
});
