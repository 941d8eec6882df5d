import { beforeAll, expect, test } from 'vitest';
import { openLedgerOf } from '../../lib/sdk-ledger.ts';
import { ledgerClient } from '../support/operator.ts';
import { recordNights } from '../support/recorded-nights.ts';
import { card, file, page, run, state, violations, watch } from './console-world.ts';

const LAST = new Date(Date.now() - 3_600_000);

/** What the first view says of each trigger. */
export function overviewTests(): void {
  beforeAll(async () => {
    const client = await ledgerClient(state);
    const trigger = run.triggers.budgeted;
    if (!trigger) throw new Error('No such trigger in the fixture');
    await recordNights(openLedgerOf(client, file.ledgerTable), {
      name: 'budgeted',
      trigger,
      nights: 'PPPMSPP?',
      last: LAST,
      tone: [92, 91, 93, 0, 0, 71, 70, 0],
      reason: 'the cause',
    });
    client.destroy();
    watch();
  });

  test('a page without the key says where to find it, and takes it', async () => {
    await page.goto(run.url);
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('Open the address');
    await page.goto(run.pageUrl);
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  });

  test('each trigger says how it is, and the key is not in the address', async () => {
    await expect.poll(() => card('nightly').innerText()).toContain('no firing yet');
    expect(await card('nightly').innerText()).toMatch(
      /Tue,? 24 Nov 2099,? (?:at )?03:00 Europe\/Berlin/,
    );
    expect(await card('budgeted').innerText()).toContain('1 of 1 runs left');
    expect(page.url()).toBe(`${run.url}/#/`);
  });

  test('a strip shows missed and skipped nights, and a trend that quality fell', async () => {
    const strip = card('budgeted').getByRole('group', { name: 'Last due times' });
    await expect.poll(() => strip.innerText()).toMatch(/^P\s*P\s*P\s*M\s*S\s*P\s*P\s*\?$/);
    expect(await strip.getAttribute('aria-label')).toBe(
      'Last due times: 5 passed, 1 missed, 1 skipped, 1 unresolved',
    );
    expect(await card('budgeted').innerText()).toMatch(/needs a decision[\s\S]*Tone check\s+▼ 14/);
    await card('budgeted').getByText('The last 8 as a table').click();
    const rows = card('budgeted').locator('tbody tr');
    expect(await rows.nth(1).innerText()).toMatch(/passed.*schedule early\s+100 %\s+70\s/s);
    const today = page.getByRole('region', { name: 'Europe/Berlin' }).locator('.today');
    expect(await today.innerText()).toBe('today');
    await page.getByText('Each trigger by day').click();
    await expect
      .poll(() => page.getByRole('row', { name: 'budgeted' }).innerText())
      .toMatch(/1\s+missed[\s\S]*1\s+skipped/);
    expect(await violations()).toEqual([]);
  });
}
