import { gzipSync } from 'node:zlib';
import { readPageAssets } from '../lib/console/page-assets.ts';
import { serveConsole } from '../lib/console/serve-console.ts';
import type { Source } from '../lib/console/source.ts';
import { serveLoopback } from '../lib/local/server/http-server.ts';
import type { Target } from '../lib/target/target.ts';
import { startBrowser } from '../test/support/browser.ts';
import { NIGHTLY } from '../test/support/fixture.ts';
import { startHttpLedger } from '../test/support/memory-ledger.ts';
import { recordNights } from '../test/support/recorded-nights.ts';
import { EARLY } from './early-schedule.ts';
import { table } from './table.ts';

/** How long the console's first view takes with this many triggers of 30 firings each, in a browser without a cache. */
const TRIGGERS = 17;
const NIGHTS = 30;
const LOADS = 9;
const KEY = `LOCAL${'0'.repeat(24)}`;

/** The section of the page about the console. */
export async function consoleView(): Promise<string> {
  const now = new Date('2026-11-26T08:00:00Z');
  const last = new Date('2026-11-26T01:00:00Z');
  const memory = await startHttpLedger();
  const trigger = { ...NIGHTLY, schedules: [EARLY] };
  const names = Array.from({ length: TRIGGERS }, (_, index) => `nightly-${index}`);
  for (const name of names) {
    const nights = 'PPPFPPP'.repeat(NIGHTS).slice(0, NIGHTS);
    await recordNights(memory.ledger, {
      name,
      trigger,
      nights,
      last,
      tone: Array(NIGHTS).fill(90),
    });
  }
  const source = sourceAt(new URL(memory.url).port);
  const handle = await serveConsole({
    source,
    accessKey: KEY,
    person: async () => 'bench',
    now: () => now,
  });
  const server = await serveLoopback(async (...exchange) => void (await handle(...exchange)));
  const browser = await startBrowser();
  const times: number[] = [];
  for (let load = 0; load < LOADS; load += 1) times.push(await firstRender());
  const headers = { authorization: `Local Credential=${KEY}/` };
  const begun = performance.now();
  const overview = await (await fetch(`${server.url}/_console/overview`, { headers })).text();
  const answered = performance.now() - begun;
  await browser.close();
  await server.stop();
  await memory.stop();

  const { script, style } = await readPageAssets();
  const weight = gzipSync(script).length + gzipSync(style).length;
  const [fastest = 0, ...others] = times.toSorted((a, b) => a - b);
  const middle = others[Math.floor(LOADS / 2) - 1] ?? fastest;
  const rows = [
    ['first view, from the navigation to its last mark', ms(middle), ms(fastest)],
    ["of that, the server's answer", ms(answered), ''],
  ];
  const told = `The first view with ${TRIGGERS} triggers of ${NIGHTS} firings each (${TRIGGERS * NIGHTS} marks), in a Chromium without a cache, ${LOADS} loads; ledger and browser on this machine. The page weighs ${(weight / 1000).toFixed(1)} kB compressed and reads ${(overview.length / 1000).toFixed(0)} kB of data.`;
  return `${told}\n\n${table(['', 'median', 'best'], rows)}`;

  /** From the navigation to the frame that has every mark. */
  async function firstRender(): Promise<number> {
    const context = await browser.newContext({
      viewport: { width: 1400, height: 900 },
      // The measuring is a script as well.
      bypassCSP: true,
    });
    const page = await context.newPage();
    await page.goto(`${server.url}/#key=${KEY}`);
    await page.waitForFunction(
      `document.querySelectorAll('.strip .mark').length >= ${TRIGGERS * NIGHTS}`,
      undefined,
      { polling: 'raf' },
    );
    const time = await page.evaluate<number>(
      'new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))',
    );
    await context.close();
    return time;
  }

  function sourceAt(port: string): Source {
    const unused = (): never => {
      throw new Error('The first view does not need it');
    };
    const target: Target = {
      kind: 'local',
      isStandIn: true,
      name: 'benchmark',
      commandFunction: 'none',
      functions: unused,
      ledgerTable: memory.table,
      webhookUrl: unused,
      tags: [],
      deadLetterQueues: [],
      logs: { kind: 'groups', groups: {} },
      client: () => ({
        region: 'eu-central-1',
        endpoint: `http://127.0.0.1:${port}`,
        credentials: { accessKeyId: KEY, secretAccessKey: KEY },
      }),
    };
    const config = {
      apiKeySecret: 'key',
      retentionDays: 90,
      hasDashboard: false,
      notify: [],
      repeatAfterMinutes: 720,
      timezone: 'Europe/Berlin',
      apiBaseUrl: 'https://api.futureagi.com',
      triggers: Object.fromEntries(names.map((name) => [name, trigger])),
    };
    const typed = (words: string) => `npx rtt ${words}`;
    return { target, describe: async () => ({ config }), typed, file: unused };
  }
}

function ms(time: number): string {
  return `${Math.round(time)} ms`;
}
