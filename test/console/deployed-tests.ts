import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { run as runRtt } from '../../lib/cli/run.ts';
import {
  type LoopbackServer,
  sendJson,
  serveLoopback,
} from '../../lib/local/server/http-server.ts';
import { CALLER, startStackEndpoint } from '../support/stack-endpoint.ts';
import { rtt, terminal } from '../support/terminal.ts';
import { file, page, state } from './console-world.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/local-run.yaml');
const STAGING = ['--stage', 'staging', '--region', 'eu-central-1', '--triggers', FIXTURE];

/** The local run's endpoints stand for those of AWS, as a deployed stack has them. */
export function deployedTests(): void {
  let stack: LoopbackServer;
  let refusing: LoopbackServer;

  beforeAll(async () => {
    stack = await startStackEndpoint({
      name: 'run-test-trigger-staging',
      outputs: { CommandFunction: file.commandFunction, LedgerTable: file.ledgerTable },
    });
    refusing = await serveLoopback(async (_request, response) => {
      const type = { 'x-amzn-errortype': 'AccessDeniedException' };
      sendJson(response, 403, { Message: 'not authorized to perform lambda:InvokeFunction' }, type);
    });
    vi.stubEnv('AWS_ACCESS_KEY_ID', file.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', stack.url);
    vi.stubEnv('AWS_ENDPOINT_URL_STS', stack.url);
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', file.endpoints.lambda);
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', file.endpoints.dynamodb);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await Promise.all([stack.stop(), refusing.stop()]);
  });

  /** Starts `rtt console` as a person does, and resolves with the address that it prints. */
  async function startConsole(): Promise<string> {
    const { io, written } = terminal({});
    const ended = runRtt(['console', '--json', ...STAGING], io);
    onTestFinished(async () => {
      await page.goto('about:blank');
      process.emit('SIGHUP', 'SIGHUP');
      expect(await ended).toBe(0);
    });
    await expect.poll(() => written.stderr).toContain('Ctrl-C stops.');
    return JSON.parse(written.stdout).url;
  }

  test('rtt console shows a deployed stack and acts as the IAM caller', async () => {
    await page.goto(await startConsole());
    const main = page.locator('main');
    await expect.poll(() => main.innerText()).toContain('stack run-test-trigger-staging in eu');
    expect(await main.innerText()).toContain('Executions are real and cost money.');
    const region = page.getByRole('region', { name: 'by-sns', exact: true });
    await region.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('textbox').fill('why');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause by-sns' }).click();
    await expect.poll(() => page.getByRole('dialog').innerText()).toContain(`by ${CALLER}`);
    const { stdout } = await rtt(['doctor', '--json', '--local', '--state-dir', state]);
    expect(stdout).toContain(`paused by ${CALLER}`);
  });

  test('who may not invoke the function sees everything, and can do nothing', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', refusing.url);
    const url = await startConsole();
    await page.goto(url);
    const main = page.locator('main');
    await expect.poll(() => main.innerText()).toContain('these credentials lack lambda:Invoke');
    expect(await main.innerText()).toMatch(/by-sns\s+paused/);
    expect(await main.getByRole('button').count()).toBe(0);
    const [, key] = url.split('#key=');
    const answer = await fetch(new URL('/_console/actions', url), {
      method: 'POST',
      headers: { authorization: `Local Credential=${key}/` },
      body: '{"action":"resume","trigger":"by-sns","reason":"why"}',
    });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('Nothing can be started or changed here'),
    ]);
  });
}
