import { readFileSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { FiringsPage } from '../../lib/console/console-data.ts';
import { openLedgerOf } from '../../lib/sdk-ledger.ts';
import { ledgerClient, operatorHeader } from '../support/operator.ts';
import { recordNights } from '../support/recorded-nights.ts';
import { rtt } from '../support/terminal.ts';
import { file, page, run, state, triggersFile, violations } from './console-world.ts';

const main = () => page.locator('main');
const rows = () => main().locator('tbody tr');

/** Lists of firings, the log and the messages. */
export function listsTests(): void {
  test('another process fires, and the list shows what the filter lets through', async () => {
    await page.goto(`${run.url}/#/firings?trigger=by-bearer`);
    await expect.poll(() => main().innerText()).toContain('No firing here yet.');
    await run.fire('by-bearer');
    await run.fire('by-github');
    await expect.poll(() => rows().count()).toBe(1);
    await page.getByLabel('trigger').selectOption('by-github');
    expect(page.url()).toBe(`${run.url}/#/firings?trigger=by-github`);
    await expect.poll(() => rows().locator('td:nth-child(2)').innerText()).toBe('by-github');
    await page.getByLabel('until').fill('2020-01-01T00:00');
    await page.getByLabel('until').blur();
    await expect.poll(() => main().innerText()).toContain('No firing here yet.');
    expect(page.url()).toContain('&to=2020-01-01T00%3A00%3A00.000Z');
    expect(await violations()).toEqual([]);
  });

  test('what lies pages back is reached, each firing once', async () => {
    const client = await ledgerClient(state);
    onTestFinished(() => client.destroy());
    const trigger = run.triggers['after-pipeline'];
    if (!trigger) throw new Error('No such trigger in the fixture');
    const last = new Date('2025-12-31T01:00:00Z');
    const nights = 'PS'.repeat(51);
    const ledger = openLedgerOf(client, file.ledgerTable);
    await recordNights(ledger, { name: 'after-pipeline', trigger, nights, last });
    const seen: string[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const query = new URLSearchParams({ trigger: 'after-pipeline', to: last.toISOString() });
      if (after !== '') query.set('after', after);
      const answer = await fetch(`${run.url}/_console/firings?${query}`, {
        headers: operatorHeader(state),
      });
      const { firings, next }: FiringsPage = JSON.parse(await answer.text());
      seen.push(...firings.map(({ due }) => due));
      after = next;
    }
    expect(new Set(seen).size).toBe(102);
    expect(seen).toEqual(seen.toSorted().toReversed());
  });

  test('the log shows what the functions say, and the address holds the filter', async () => {
    await page.goto(`${run.url}/#/log`);
    await expect.poll(() => rows().count()).toBeGreaterThan(2);
    await page.getByLabel('trigger').selectOption('by-github');
    // Recorded and started: until they are there, the page has no field to fill.
    await expect.poll(() => rows().count()).toBe(2);
    await page.getByLabel('with the text').fill('execution_started');
    await page.getByLabel('with the text').blur();
    await expect.poll(() => rows().count()).toBe(1);
    expect(await rows().innerText()).toMatch(/INFO\s+command\s+execution_started\s.*by-github/);
    expect(page.url()).toBe(`${run.url}/#/log?trigger=by-github&text=execution_started`);
    expect(await violations()).toEqual([]);
  });

  test('messages are those that people would have been sent', async () => {
    await page.goto(`${run.url}/#/messages`);
    await expect.poll(() => main().innerText()).toContain('Nobody was told anything yet.');
    await rtt(['notify', '--test', 'topic', '--local', '--state-dir', state]);
    await page.goto(`${run.url}/#/firings`);
    await expect.poll(() => rows().count()).toBeGreaterThan(1);
    await page.goto(`${run.url}/#/messages`);
    await expect.poll(() => main().innerText()).toContain('nothing has happened');
    expect(await violations()).toEqual([]);
  });

  test('the file is shown with what is wrong in it, and read again', async () => {
    await page.goto(`${run.url}/#/file`);
    await expect.poll(() => main().innerText()).toContain('Nothing is wrong in it.');
    const text = readFileSync(triggersFile, 'utf8');
    writeFileSync(triggersFile, text.replace('cron: 0 3 24', 'cron: 99 3 24'));
    await page.getByRole('button', { name: 'Read it again' }).click();
    await expect.poll(() => main().getByRole('listitem').innerText()).toMatch(/^error line 7: /);
    expect(await page.locator('tr.error').innerText()).toContain('cron: 99 3 24');
    expect(await violations()).toEqual([]);
  });
}
