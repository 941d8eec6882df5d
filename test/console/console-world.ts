import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { inject, onTestFinished } from 'vitest';
import { consoleOf } from '../../lib/cli/console.ts';
import { rootCommand, sessionOf } from '../../lib/cli/program.ts';
import { serveConsole } from '../../lib/console/serve-console.ts';
import { findRun, type RunFile } from '../../lib/local/files/run-file.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';
import { localTarget } from '../../lib/target/local-target.ts';
import { startBrowser } from '../support/browser.ts';
import { runFixture } from '../support/local-run.ts';
import { terminal } from '../support/terminal.ts';
import { API_KEY, type Api, startApi } from './api.ts';

/** One local run and one browser for every test of the console: both take seconds to start. */
const folder = mkdtempSync(join(tmpdir(), 'console-'));
export const state = join(folder, 'state');
/** A copy, which a test may change. */
export const triggersFile = join(folder, 'triggers.yaml');
export let api: Api;
export let run: LocalRun;
export let file: RunFile;
let browser: Browser;
/** One for every console and every foreign page: each further one costs a process. */
export let page: Page;
/** Addresses outside of this machine that a page has asked for, and errors that nothing in it has caught. */
export const noticed: { readonly foreign: string[]; readonly faults: string[] } = {
  foreign: [],
  faults: [],
};

export async function startWorld(): Promise<void> {
  const starting = startBrowser();
  const { triggers } = inject('stacks')['local-run'].config;
  copyFileSync(join(import.meta.dirname, '../fixtures/local-run.yaml'), triggersFile);
  const { io } = terminal({ environment: { LOGNAME: 'ada' }, calledAs: 'npx rtt' });
  const root = rootCommand().action(() => {});
  root.parse(['--triggers', triggersFile], { from: 'user' });
  api = await startApi(triggers, join(folder, 'executions.jsonl'));
  run = await runFixture('local-run', {
    stateDirectory: state,
    environment: { FI_API_KEY: API_KEY, FI_BASE_URL: api.url },
    page: (found, replaced) =>
      serveConsole({
        ...consoleOf(localTarget(found), found.accessKeyId, sessionOf(io, root)),
        replaced,
      }),
  });
  const found = await findRun(state);
  if (found === undefined || found === 'stale') throw new Error(`No run in ${state}`);
  file = found;
  browser = await starting;
  page = await browser.newPage();
  // Its timers can be wound forward.
  await page.clock.install();
}

export async function stopWorld(): Promise<void> {
  await browser.close();
  await run.stop();
  await api.stop();
  rmSync(folder, { recursive: true });
}

/** Watches from now on what the page asks for, and what fails in it. */
export function watch(): void {
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1:|data:)/.test(request.url())) noticed.foreign.push(request.url());
  });
  page.on('pageerror', (error) => noticed.faults.push(error.message));
}

export const card = (trigger: string) => page.getByRole('region', { name: trigger, exact: true });

const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/**
 * What axe finds in this part of the page, in light and in dark: rule and first place. It runs in a world of its own,
 * which the page's policy does not bind.
 */
export async function violations(part: 'html' | 'dialog' = 'html'): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  onTestFinished(() => session.detach().catch(() => {}));
  const evaluate = async (expression: string) => {
    const { result } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    return result.value;
  };
  const found = (options: string) =>
    evaluate(
      `axe.run('${part}', ${options}).then(({violations}) => violations.map(({id, nodes}) => id + " " + nodes[0].html))`,
    );
  if ((await evaluate('typeof axe')) === 'undefined') await evaluate(AXE);
  const light = await found('{preload: false}');
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await found('{preload: false, runOnly: ["color-contrast"]}');
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark];
}
