import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, expect, inject, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import { advance } from '../../lambda/advance.ts';
import { publishAll } from '../../lambda/sweep/publish-all.ts';
import { advanceAndFollow } from '../../lambda/sweep/step.ts';
import { receive } from '../../lambda/webhook/receive.ts';
import { systemClock } from '../../lib/clock.ts';
import { newWebhookSecret } from '../../lib/local/files/secrets-file.ts';
import { toEvent } from '../../lib/local/gateway/gateway-event.ts';
import { matchRoute } from '../../lib/local/gateway/route-match.ts';
import { readBody, serveLoopback } from '../../lib/local/server/http-server.ts';
import { captureLog } from '../support/captured-log.ts';
import { coreOn, newSecrets } from '../support/fixture.ts';
import { startMemoryLedger } from '../support/memory-ledger.ts';
import { json, startRemoteApi, well } from '../support/remote-api.ts';
import { inLanguage } from './webhooks-document.ts';

const directory = mkdtempSync(join(tmpdir(), 'recipes-'));
const { triggers } = inject('stacks')['local-run'].config;
const SECRET = newWebhookSecret();
const TOKEN = newWebhookSecret();
afterAll(() => rmSync(directory, { recursive: true }));

beforeEach(() => void captureLog());

/** Runs a script as CI does: any failing command fails it. */
async function shell(program: string, script: string, environment: Record<string, string>) {
  const { stdout } = await promisify(execFile)(program, ['-e', '-c', script], {
    env: { ...process.env, ...environment },
    timeout: 50_000,
  });
  return stdout;
}

/** On a busy machine the start can take longer than the answer waits for it. */
const RECORDED = /"state":"(due|sending|started)"/;

test('the curl commands fire', async () => {
  const [signed = '', bearer = ''] = inLanguage('sh');
  const { url, api } = await serveWebhook();
  const fire = (script: string, trigger: string) =>
    shell('sh', script, {
      HOOK: `${url}/hooks/${trigger}`,
      HOOK_SECRET: SECRET,
      HOOK_TOKEN: TOKEN,
    });
  expect(await fire(signed, 'by-standard-webhooks')).toMatch(RECORDED);
  expect(await fire(bearer, 'by-bearer')).toMatch(RECORDED);
  await expect.poll(() => api.posts.length).toBe(2);
});

const jobs = inLanguage('yaml').filter((code) => !code.startsWith('webhook:'));
const actions: string = parse(jobs[0] ?? '')[0].run;
const gitlab: string = parse(jobs[1] ?? '')['run-test'].script[0];

const JOBS = [
  ['GitHub Actions', 'bash', actions, 'by-standard-webhooks:delivery:github-1-1'],
  ['GitLab CI', 'sh', gitlab, 'by-bearer:delivery:gitlab-1'],
] as const;

function jobEnvironment(url: string) {
  return {
    HOOK: `${url}/hooks/by-standard-webhooks`,
    HOOK_SECRET: SECRET,
    DELIVERY: 'github-1-1',
    GITHUB_SHA: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
    RUN_TEST_HOOK: `${url}/hooks/by-bearer`,
    RUN_TEST_HOOK_TOKEN: TOKEN,
    CI_JOB_ID: '1',
    INTERVAL: '0',
  };
}

test.each(JOBS)('the job of %s fails with a wrong secret', async (_, program, script) => {
  const wrong = Buffer.alloc(32, 1).toString('base64');
  const environment = {
    ...jobEnvironment((await serveWebhook()).url),
    HOOK_SECRET: `whsec_${wrong}`,
    RUN_TEST_HOOK_TOKEN: wrong,
  };
  await expect(shell(program, script, environment)).rejects.toThrow('401');
});

/** The webhook over HTTP in front of an API that can be told to treat requests badly. */
async function serveWebhook() {
  const [memory, api] = await Promise.all([
    startMemoryLedger(),
    startRemoteApi({ now: systemClock.now }),
  ]);
  const secrets = { ...newSecrets(), 'hooks/standard-webhooks': SECRET, 'hooks/bearer': TOKEN };
  const core = coreOn(memory, api, systemClock, secrets);
  const routes = ['POST /hooks/{trigger}', 'GET /hooks/{trigger}/firings/{firing}'].map((key) => {
    const [method = '', path = ''] = key.split(' ');
    return { method, path, functionArn: '', timeoutMs: 0 };
  });
  const server = await serveLoopback(async (request, response) => {
    const body = await readBody(request, 1_000);
    const match = matchRoute(routes, request.method ?? '', request.url ?? '');
    if (!match || body === 'too-large') throw new Error(`no route for ${request.url}`);
    const answer = await receive(toEvent(request, body, match), triggers, core);
    if (request.method === 'GET') reads.push(answer.body);
    else deliveries.push(answer.statusCode);
    if (deliveries.length > 1) response.setHeader('retry-after', 60);
    response.writeHead(answer.statusCode, answer.headers).end(answer.body);
  });
  const reads: string[] = [];
  const deliveries: number[] = [];
  onTestFinished(async () => {
    await server.stop();
    await Promise.all([memory.stop(), api.stop()]);
  });
  return { url: server.url, api, core, reads, deliveries };
}

/** The execution of the job's firing ends, and a sweep sees it. */
async function end(
  { api, core }: Awaited<ReturnType<typeof serveWebhook>>,
  id: string,
  failed: number,
) {
  const [execution] = api.executions;
  const firing = await core.ledger.read(id);
  if (!execution || !firing) throw new Error(`nothing to end for ${id}`);
  Object.assign(execution, {
    status: 'COMPLETED',
    total_calls: 10,
    completed_calls: 10 - failed,
    failed_calls: failed,
  });
  const later = () => new Date(Date.now() + 120_000);
  const context = { ...core, now: later, api: { ...core.api, now: later } };
  const over = await advanceAndFollow(firing, context, new Date(Date.now() + 180_000));
  await publishAll([over], context, (_, error) => {
    throw error;
  });
}

function inAMinute(): Date {
  return new Date(Date.now() + 60_000);
}

test.each(JOBS)(
  'the job of %s waits for a start that is put off, and for the end of the execution',
  async (_, program, script, id) => {
    const served = await serveWebhook();
    const { url, api, core, reads } = served;
    api.treatment = ({ response }) => json(response, 429, {});
    const job = shell(program, script, jobEnvironment(url));
    await vi.waitUntil(() => reads.length > 1, { timeout: 50_000 });
    api.treatment = well;
    const firing = await core.ledger.read(id);
    if (!firing) throw new Error(`no firing ${id}`);
    await advance(firing, core, inAMinute());
    await vi.waitUntil(() => reads.at(-1)?.includes('"started"'), { timeout: 50_000 });
    await end(served, id, 0);
    expect(await job).toContain('"verdict":"passed"');
    expect(reads[0]).toContain('"state":"due"');
    expect(await shell(program, script, jobEnvironment(url))).toContain('"duplicate":true');
    expect(api.executions).toHaveLength(1);
  },
);

test.each(JOBS)(
  'the job of %s fails when the execution does not pass',
  async (_, program, script, id) => {
    const served = await serveWebhook();
    const job = shell(program, script, jobEnvironment(served.url));
    const failure = expect(job).rejects.toMatchObject({ code: 1 });
    await vi.waitUntil(() => served.reads.length > 0, { timeout: 50_000 });
    await end(served, id, 10);
    await failure;
    expect(served.reads.at(-1)).toContain('10 of 10 calls did not complete');
  },
);

test('either job tries again, and fails, when the API refuses the start', async () => {
  // The scripts let curl try for 7 s. These settings end that when the second answer asks for a minute.
  writeFileSync(join(directory, '.curlrc'), 'retry-max-time = 50');
  await Promise.all(
    JOBS.map(async ([_, program, script]) => {
      const { url, api, deliveries } = await serveWebhook();
      api.treatment = ({ response }) => json(response, 404, { message: 'Run test not found' });
      const environment = { ...jobEnvironment(url), CURL_HOME: directory };
      await expect(shell(program, script, environment)).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringContaining('Run test not found'),
      });
      expect(deliveries).toEqual([502, 502]);
      expect(api.posts).toHaveLength(1);
    }),
  );
});
