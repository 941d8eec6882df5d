import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import { openLedger } from '../../lambda/ledger/ledger.ts';
import { readPageAssets } from '../../lib/console/page-assets.ts';
import { ledgerClient, operatorHeader } from '../support/operator.ts';
import {
  browser,
  card,
  file,
  noticed,
  page,
  run,
  startWorld,
  state,
  stopWorld,
  violations,
} from './console-world.ts';
import { deployedTests } from './deployed-tests.ts';
import { overviewTests } from './overview-tests.ts';

const NOW = new Date('2026-11-24T03:00:00Z');
const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script>';

beforeAll(startWorld);
afterAll(stopWorld);

describe('the first view', overviewTests);

test('firing shows the plan, asks, and the list has it without a reload, to its end', async () => {
  await card('nightly').getByRole('button', { name: 'Fire now' }).click();
  await expect.poll(() => page.getByRole('dialog').innerText()).toContain('It would start.');
  expect(run.standIn?.received.filter(({ method }) => method === 'POST')).toEqual([]);
  expect(await violations()).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Fire nightly' }).click();
  await page.getByRole('link', { name: 'Show the firing' }).click();
  await expect.poll(() => page.locator('main').innerText()).toContain('attempt 1 started');
  expect(await violations()).toEqual([]);
  await page.getByRole('link', { name: 'Triggers', exact: true }).click();
  await expect.poll(() => card('nightly').locator('.strip a').count()).toBe(1);
  expect(run.standIn?.received.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

test('a pause wants a reason and names the person', async () => {
  await card('nightly').getByRole('button', { name: 'Pause' }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Pause nightly' });
  expect(await confirm.isDisabled()).toBe(true);
  await page.getByRole('textbox').fill('staging is down');
  await confirm.click();
  await expect
    .poll(() => page.getByRole('dialog').innerText())
    .toContain('nightly is paused, by ada.');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => card('nightly').innerText()).toContain('Paused by ada since');
});

test('another process fires, and the list shows what the filter lets through', async () => {
  await page.goto(`${run.url}/#/firings?trigger=by-bearer`);
  await expect.poll(() => page.locator('main').innerText()).toContain('No firing here yet.');
  await run.fire('by-bearer');
  await run.fire('by-github');
  await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
  expect(await violations()).toEqual([]);
  await page.getByLabel('trigger').selectOption('by-github');
  expect(page.url()).toBe(`${run.url}/#/firings?trigger=by-github`);
  await expect.poll(() => page.locator('tbody td:nth-child(2)').innerText()).toBe('by-github');
});

test('a missed firing says what to do, is sent again, and what others wrote does nothing', async () => {
  const client = await ledgerClient(state);
  onTestFinished(() => client.destroy());
  const trigger = run.triggers['by-gitlab'];
  if (!trigger) throw new Error('No such trigger in the fixture');
  const cause = { kind: 'delivery', deliveryId: HOSTILE } as const;
  const { nextCheckAt: _, ...firing } = newFiring(
    { trigger: 'by-gitlab', cause, at: NOW },
    trigger,
    NOW,
  );
  const missed = { ...firing, state: 'missed', reason: HOSTILE } as const;
  await openLedger(client, file.ledgerTable).record(missed);
  await page.goto(`${run.url}/#/firings/${encodeURIComponent(firing.id)}`);
  await expect.poll(() => page.locator('main').innerText()).toContain('Did not fire');
  const text = await page.locator('main').innerText();
  expect(text).toContain(HOSTILE);
  expect(text).toMatch(/npx rtt retry [0-9a-f]{6} --reason "it is still wanted"/);
  expect(await violations()).toEqual([]);
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByRole('textbox').fill('still wanted');
  await page.getByRole('button', { name: 'Send it again' }).click();
  await expect.poll(() => page.getByRole('main').innerText()).toContain('sent again by ada');
  expect({ title: await page.title(), ...noticed }).toEqual({
    title: 'run-test-trigger',
    foreign: [],
    faults: [],
  });
});

test.each([
  ['overview', 'GET'],
  ['firings', 'GET'],
  ['firing', 'GET'],
  ['changes', 'GET'],
  ['actions', 'POST'],
])('%s wants the access key', async (path, method) => {
  const answer = await fetch(`${run.url}/_console/${path}`, { method });
  expect([answer.status, await answer.json()]).toEqual([
    401,
    { message: 'Open the address that the terminal has printed' },
  ]);
});

test('what is not an action is refused, and starts nothing', async () => {
  const before = run.standIn?.received.length;
  const answer = await fetch(`${run.url}/_console/actions`, {
    method: 'POST',
    headers: operatorHeader(state),
    body: '{"action":"fire","trigger":"nightly"}',
  });
  expect(answer.status).toBe(400);
  expect(run.standIn?.received).toHaveLength(before ?? 0);
});

test('a page without the key says where to find it', async () => {
  const other = await browser.newPage();
  onTestFinished(() => other.close());
  await other.goto(run.url);
  await expect.poll(() => other.getByRole('alert').innerText()).toContain('Open the address');
});

test('the page weighs at most 60 kB compressed and has nothing inline', async () => {
  const { script, style } = await readPageAssets();
  const answer = await fetch(run.url);
  expect(gzipSync(script).length + gzipSync(style).length).toBeLessThan(60_000);
  expect(answer.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/,
  );
  expect(await answer.text()).not.toMatch(/<script[^>]*>[^<]|<style|style=/);
});

describe('of a deployed stack', deployedTests);

test('it says when the service is gone, and keeps what was known', async () => {
  await page.goto(`${run.url}/#/firings`);
  await expect.poll(() => page.locator('tbody tr').count()).toBeGreaterThan(0);
  await run.stop();
  await expect.poll(() => page.getByRole('alert').innerText()).toContain('The service is gone');
  expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
  expect(await violations()).toEqual([]);
});
