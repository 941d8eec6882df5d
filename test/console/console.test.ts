import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPageAssets } from '../../lib/console/page-assets.ts';
import { operatorHeader } from '../support/operator.ts';
import { api, card, page, run, startWorld, state, stopWorld, violations } from './console-world.ts';
import { deployedTests } from './deployed-tests.ts';
import { faultsTests } from './faults-tests.ts';
import { firingTests } from './firing-tests.ts';
import { foreignPageTests } from './foreign-page-tests.ts';
import { listsTests } from './lists-tests.ts';
import { overviewTests } from './overview-tests.ts';

beforeAll(startWorld);
afterAll(stopWorld);

describe('a foreign page', foreignPageTests);

describe('the first view', overviewTests);

describe('a firing', firingTests);

test('a pause wants a reason and names the person', async () => {
  await page.goto(`${run.url}/#/`);
  await card('nightly').getByRole('button', { name: 'Pause' }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Pause nightly' });
  expect(await confirm.isDisabled()).toBe(true);
  await expect.poll(() => page.getByRole('dialog').innerText()).toContain('You act as ada.');
  await page.getByRole('textbox').fill('staging is down');
  await confirm.click();
  await expect
    .poll(() => page.getByRole('dialog').innerText())
    .toContain('nightly is paused, by ada.');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => card('nightly').innerText()).toContain('Paused by ada since');
});

describe('lists', listsTests);

test.each([
  ['person', 'GET'],
  ['overview', 'GET'],
  ['log', 'GET'],
  ['messages', 'GET'],
  ['file', 'GET'],
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
  const before = api.starts.length;
  const answer = await fetch(`${run.url}/_console/actions`, {
    method: 'POST',
    headers: operatorHeader(state),
    body: '{"action":"fire","trigger":"nightly"}',
  });
  expect(answer.status).toBe(400);
  expect(api.starts).toHaveLength(before);
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

describe('in the face of faults and strangers', faultsTests);

describe('of a deployed stack', deployedTests);

test('it says when the service is gone, and keeps what was known', async () => {
  await page.goto(`${run.url}/#/firings?trigger=nightly`);
  await expect.poll(() => page.locator('tbody tr').count()).toBeGreaterThan(0);
  await run.stop();
  const alerts = async () => {
    await page.clock.fastForward(2_000);
    return page.getByRole('alert').allInnerTexts();
  };
  await expect.poll(alerts).toContainEqual(expect.stringContaining('The service is gone'));
  expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
  expect(await violations()).toEqual([]);
});
