import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RunCdk } from '../../lib/deploy/run-cdk.ts';
import { findRun } from '../../lib/local/files/run-file.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';
import type { LoopbackServer } from '../../lib/local/server/http-server.ts';
import { type FakeAccount, startAccountEndpoint } from '../support/account-endpoint.ts';
import { deploy } from '../support/deploy.ts';
import { runFixture } from '../support/local-run.ts';
import { terminal } from '../support/terminal.ts';

/** The CDK's run makes a local run reachable as the stack, with everything but one secret. */
const HOOK = 'run-test-trigger/webhooks/checkout-after-deploy';
const VALUE = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;
const directory = mkdtempSync(join(tmpdir(), 'deploy-to-doctor-'));
const account: FakeAccount = { isBootstrapped: true, limit: 10, unreserved: 10 };
let run: LocalRun;
let endpoint: LoopbackServer;
let cdk: RunCdk;
beforeAll(async () => {
  run = await runFixture('triggers', { stateDirectory: directory });
  endpoint = await startAccountEndpoint(account);
  const found = await findRun(directory);
  if (found === undefined || found === 'stale') throw new Error('The run has left no file');
  vi.stubEnv('AWS_ACCESS_KEY_ID', found.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', endpoint.url);
  vi.stubEnv('AWS_ENDPOINT_URL_STS', endpoint.url);
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', endpoint.url);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', found.endpoints.dynamodb);
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', found.endpoints.secretsManager);
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', found.endpoints.sqs);
  cdk = async () => {
    account.deployed = {
      template: { Resources: {} },
      outputs: {
        CommandFunction: found.commandFunction,
        LedgerTable: found.ledgerTable,
        WebhookUrlCheckoutAfterDeploy: `${run.url}/hooks/checkout-after-deploy`,
        WebhookUrlNightlyRegression: `${run.url}/hooks/nightly-regression`,
      },
    };
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', found.endpoints.lambda);
    return 0;
  };
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([endpoint.stop(), run.stop()]);
  rmSync(directory, { recursive: true });
});

async function deployAndType(stdin: string) {
  const { [HOOK]: _, ...others } = secrets();
  writeFileSync(run.secretsFile, JSON.stringify(others));
  const { io, written } = terminal({ stdin, isTyped: true });
  await deploy(['--yes'], io, cdk);
  return { code: io.exitCode, ...written };
}

function secrets(): Record<string, string> {
  return JSON.parse(readFileSync(run.secretsFile, 'utf8'));
}

const PASTED = `${HOOK} has no value: rtt secret set ${HOOK} --region eu-central-1 --triggers test/fixtures/triggers.yaml\n`;

test('after the CDK, deploy asks for the secret without a value, sets it, and the doctor finds all well', async () => {
  const { code, stdout, stderr, screen } = await deployAndType(`${VALUE}\r`);
  expect(stdout).toContain(`Secrets\n  ${PASTED}`);
  expect(stderr.match(/Value of .+ \(not shown\): \n/g)).toEqual([
    `Value of ${HOOK} (not shown): \n`,
  ]);
  expect(secrets()[HOOK]).toBe(VALUE);
  expect(screen).not.toContain(VALUE);
  const checks = stdout.split('\n').filter((line) => /^ {2}[✓✗]/.test(line));
  expect({ code, checks }).toEqual({
    code: 0,
    checks: [
      '  ✓  the server accepts a single key; api.dialect documented is right',
      '  ✓  would run 2 scenarios, 5 calls',
      '  ✓  webhook: its secret can verify',
      '  ✓  would run 4 scenarios, 7 calls',
      '  ✓  webhook: its secret can verify',
    ],
  });
});
