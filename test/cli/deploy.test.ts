import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RunCdk } from '../../lib/deploy/run-cdk.ts';
import type { LoopbackServer } from '../../lib/local/server/http-server.ts';
import { startSecretsManager } from '../../lib/local/services/secrets-manager.ts';
import { startAccountEndpoint } from '../support/account-endpoint.ts';
import { clockAt } from '../support/clock.ts';
import { deploy } from '../support/deploy.ts';
import { rtt, terminal } from '../support/terminal.ts';

const { now } = clockAt('2026-11-24T00:00:00Z');
const clock = { now, sleep: () => Promise.reject(new Error('never')) };
const FILE = ['--triggers', 'test/fixtures/triggers.yaml', '--region', 'eu-central-1'];
const LEDGER = 'run-test-trigger-LedgerTable0BC12D3E-1A2B3C4D5E6F';
const never: RunCdk = () => Promise.reject(new Error('A dry run deploys nothing'));
const account: Parameters<typeof startAccountEndpoint>[0] = {
  isBootstrapped: true,
  limit: 10,
  unreserved: 10,
};
let endpoint: LoopbackServer;
let secrets: LoopbackServer;
beforeAll(async () => {
  endpoint = await startAccountEndpoint(account);
  secrets = await startSecretsManager('LOCALA', (name) =>
    name === 'run-test-trigger/api-key' ? 'key' : undefined,
  );
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'LOCALA');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
  for (const service of ['CLOUDFORMATION', 'STS', 'LAMBDA']) {
    vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, endpoint.url);
  }
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', secrets.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([endpoint.stop(), secrets.stop()]);
});

test('deploy shows checks and plan, asks, and without agreement changes nothing', async () => {
  const said = await rtt(['deploy', ...FILE], { stdin: 'n\n', isTyped: true, clock });
  expect(said.stderr).toBe(`→ stack run-test-trigger
credentials
  ✓  arn:aws:iam::123456789012:user/ada in account 123456789012
region
  ✓  eu-central-1
bootstrap
  ✓  the CDK has its roles and its bucket here
concurrency
  ✓  0 of 10 are reserved
Deploy this? (y/N) Nothing was deployed.
`);
  expect(said.stdout).toContain(
    'What changes in run-test-trigger\n  it is new: everything is created\n',
  );
  expect(said.stdout).toContain('  run-test-trigger/webhooks/nightly-regression has no value');
  expect(said.stdout).not.toContain('  run-test-trigger/api-key has no value');
  expect(said.code).toBe(0);
});

test('deploy --dry-run shows the plan and asks nothing', async () => {
  const { io, written } = terminal({ clock });
  await deploy(['--dry-run'], io, never);
  expect({ code: io.exitCode, last: written.stderr.split('\n').at(-2) }).toEqual({
    code: 0,
    last: '  ✓  0 of 10 are reserved',
  });
  expect(written.stdout).toContain('  it is new: everything is created\n');
});

test('deploy --dry-run without credentials shows what the file alone tells', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', '');
  const { io, written } = terminal({ clock });
  await deploy(['--dry-run'], io, never);
  const asked = await rtt(['deploy', '--yes', ...FILE], { clock });
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'LOCALA');
  expect({ code: io.exitCode, stderr: written.stderr }).toEqual({
    code: 0,
    stderr: `→ stack run-test-trigger
The AWS account was not looked at. Could not load credentials from any providers: name --profile, or sign in again (aws configure, or aws sso login of the AWS CLI's version 2)
This plan is what the file alone tells: bootstrap and concurrency are not checked
`,
  });
  expect(written.stdout).toContain(`What changes in run-test-trigger
  not known without an account

Secrets
  run-test-trigger/api-key
  run-test-trigger/webhooks/nightly-regression
  run-test-trigger/webhooks/checkout-after-deploy
  which of them have a value is not known without an account
`);
  expect(asked.code).toBe(2);
});

test('deploy --yes asks nothing, runs the CDK on what it has shown, and ends where that fails', async () => {
  const ran: (readonly string[])[] = [];
  const cdk: RunCdk = async (args, aws) => {
    ran.push(args.map((arg) => (existsSync(join(arg, 'manifest.json')) ? 'ASSEMBLY' : arg)));
    expect(aws).toEqual({ region: 'eu-central-1' });
    return 1;
  };
  const { io, written } = terminal({ clock });
  await deploy(['--yes', '--json'], io, cdk);
  expect(ran).toEqual([
    ['deploy', '--app', 'ASSEMBLY', '--require-approval', 'never', 'run-test-trigger'],
  ]);
  expect(io.exitCode).toBe(1);
  expect(written.stderr).toContain('  it is new: everything is created\n');
  expect(written.stderr).toContain('The deployment failed: the lines above say why.');
  expect(written.stdout).toBe('');
});

test('doctor --deploy finds what a deployment would fail of', async () => {
  Object.assign(account, { isBootstrapped: false });
  const { code, stdout } = await rtt(['doctor', '--deploy', '--json', ...FILE], { clock });
  Object.assign(account, { isBootstrapped: true });
  expect({ code, failing: JSON.parse(stdout).filter(({ ok }: { ok: boolean }) => !ok) }).toEqual({
    code: 1,
    failing: [
      {
        what: 'bootstrap',
        found:
          'the CDK has no roles here: an administrator runs npx cdk bootstrap aws://123456789012/eu-central-1 once',
        ok: false,
      },
    ],
  });
});

test('destroy says what stays, names the ledger and, without a person to ask, wants --yes', async () => {
  const outputs = {
    LedgerTable: LEDGER,
    SweepLogGroup: 'run-test-trigger-SweepLog',
    TriggerDeadLetterQueue: 'https://sqs.eu-central-1.amazonaws.com/123456789012/letters',
  };
  account.deployed = { template: { Resources: {} }, outputs };
  const said = await rtt(['destroy', ...FILE], { clock });
  expect(said).toMatchObject({
    code: 2,
    stderr: `→ stack run-test-trigger
Remove run-test-trigger? Nobody can be asked here: add --yes to agree
`,
    stdout: `The ledger, the secrets, the logs and the dead letters stay.
To go on with the ledger, so that a new stack knows what this one started, write into the triggers file:
  ledger: { table: ${LEDGER} }
To remove them as well:
  aws dynamodb update-table --table-name ${LEDGER} --no-deletion-protection-enabled --query TableDescription.TableStatus
  aws dynamodb wait table-exists --table-name ${LEDGER}
  aws dynamodb delete-table --table-name ${LEDGER} --query TableDescription.TableStatus
  aws secretsmanager delete-secret --secret-id run-test-trigger/api-key
  aws secretsmanager delete-secret --secret-id run-test-trigger/webhooks/nightly-regression
  aws secretsmanager delete-secret --secret-id run-test-trigger/webhooks/checkout-after-deploy
  aws logs delete-log-group --log-group-name run-test-trigger-SweepLog
  aws sqs delete-queue --queue-url https://sqs.eu-central-1.amazonaws.com/123456789012/letters
`,
  });
});

test.each([
  [
    ['destroy', ...FILE, '--stage', 'nosuch'],
    'The stack run-test-trigger-nosuch is not deployed in eu-central-1\n',
    false,
  ],
  [
    ['deploy', ...FILE, '--stack', 'other'],
    'The file is deployed as run-test-trigger: name its stage with --stage, not a stack\n',
    true,
  ],
])('%j is refused', async (args, message, isBootstrapped) => {
  Object.assign(account, { isBootstrapped });
  const { code, stderr } = await rtt(args, { clock });
  expect({ code, last: stderr.split('\n').slice(-2).join('\n') }).toEqual({
    code: 2,
    last: message,
  });
});
