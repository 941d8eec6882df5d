import { expect, onTestFinished, test } from 'vitest';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import { openLedgerOf } from '../../lib/sdk-ledger.ts';
import { ledgerClient } from '../support/operator.ts';
import { HOSTILE } from './api.ts';
import { api, card, file, noticed, page, run, state, violations } from './console-world.ts';

const main = () => page.locator('main');
const dialog = () => page.getByRole('dialog');

/** Reads the firing again, as the page does every few seconds. */
const windForward = () => page.clock.fastForward(6_000);

async function confirm(button: string, reason: string): Promise<void> {
  await dialog().getByRole('textbox').fill(reason);
  await dialog().getByRole('button', { name: button }).click();
}

/** Starting, following, cancelling and repeating a firing. */
export function firingTests(): void {
  test('firing shows the plan, asks, and the page follows the run to its end', async () => {
    await page.goto(`${run.url}/#/`);
    await card('nightly').getByRole('button', { name: 'Fire now' }).click();
    await expect.poll(() => dialog().innerText()).toContain('It would start.');
    expect(await dialog().innerText()).toContain(HOSTILE);
    expect(api.starts).toEqual([]);
    expect(await violations('dialog')).toEqual([]);
    await dialog().getByRole('button', { name: 'Fire nightly' }).click();
    await page.getByRole('link', { name: 'Show the firing' }).click();
    await expect.poll(() => main().innerText()).toContain('attempt 1 started');
    api.aheadMs += 60_000;
    await windForward();
    await expect.poll(() => main().innerText()).toMatch(/judged: passed/);
    expect(await main().innerText()).toMatch(
      /calls completed\s+\d+ of \d+ \(100 %\)\s+all of them/,
    );
    expect(await violations()).toEqual([]);
    expect(api.starts).toHaveLength(1);
    await page.getByRole('link', { name: 'Triggers', exact: true }).click();
    await expect.poll(() => card('nightly').locator('.strip').innerText()).toBe('P');
  });

  test('a run is cancelled with a reason, and its end says who did it', async () => {
    await page.goto(`${run.url}/#/`);
    await card('nightly').getByRole('button', { name: 'Fire now' }).click();
    await dialog().getByRole('button', { name: 'Fire nightly' }).click();
    await page.getByRole('link', { name: 'Show the firing' }).click();
    await main().getByRole('button', { name: 'Cancel the execution' }).click();
    await confirm('Cancel the execution', 'wrong version');
    await expect.poll(() => dialog().innerText()).toContain('The server cancels it for ada');
    await dialog().getByRole('button', { name: 'Close' }).click();
    await windForward();
    await expect.poll(() => main().innerText()).toContain('ada had it cancelled: wrong version.');
    expect(await main().innerText()).toContain('ada asked to cancel it: wrong version');
    await main().getByText('The same in a terminal').click();
    await expect.poll(() => main().innerText()).toMatch(/npx rtt logs --firing [0-9a-f]{6}/);
  });

  test('what is in doubt is looked for once more, and then sent again', async () => {
    await page.goto(`${run.url}/#/firings?trigger=budgeted&result=unresolved`);
    await main().locator('tbody a').click();
    await expect.poll(() => main().innerText()).toContain('Not known whether it started');
    const before = api.starts.length;
    await main().getByRole('button', { name: 'Send again' }).click();
    await confirm('Send it again', 'it is not in the list');
    await expect
      .poll(() => dialog().innerText())
      .toContain('Sent again by ada: it is started now.');
    await dialog().getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => main().innerText()).toContain('retried by ada');
    expect(api.starts).toHaveLength(before + 1);
  });

  test('a missed firing says what to do, is sent again, and what others wrote does nothing', async () => {
    const client = await ledgerClient(state);
    onTestFinished(() => client.destroy());
    const trigger = run.triggers['by-gitlab'];
    if (!trigger) throw new Error('No such trigger in the fixture');
    const now = new Date('2026-11-24T03:00:00Z');
    const cause = { kind: 'delivery', deliveryId: HOSTILE } as const;
    const of = { trigger: 'by-gitlab', cause, at: now };
    const { nextCheckAt: _, ...firing } = newFiring(of, trigger, now);
    const missed = { ...firing, state: 'missed', reason: HOSTILE } as const;
    await openLedgerOf(client, file.ledgerTable).record(missed);
    await page.goto(`${run.url}/#/firings/${encodeURIComponent(firing.id)}`);
    await expect.poll(() => main().innerText()).toContain('Did not fire');
    const text = await main().innerText();
    expect(text).toContain(HOSTILE);
    expect(text).toMatch(/npx rtt retry [0-9a-f]{6} --reason "it is still wanted"/);
    await main().getByRole('button', { name: 'Send again' }).click();
    const before = api.starts.length;
    await confirm('Send it again', 'still wanted');
    await expect.poll(() => main().innerText()).toContain('sent again by ada');
    await expect.poll(() => api.starts.length).toBe(before + 1);
    expect({ title: await page.title(), ...noticed }).toEqual({
      title: 'run-test-trigger',
      foreign: [],
      faults: [],
    });
  });

  test('a test delivery is signed and starts a run, and an event those that it matches', async () => {
    await page.goto(`${run.url}/#/`);
    const before = api.starts.length;
    await card('nightly').getByRole('button', { name: 'Test delivery' }).click();
    await dialog().getByRole('textbox').fill('{"ref":"main"}');
    await dialog().getByRole('button', { name: 'Deliver to nightly' }).click();
    await expect.poll(() => dialog().innerText()).toContain('The webhook took it (HTTP 202)');
    await dialog().getByRole('link', { name: 'Show the firing' }).click();
    await expect.poll(() => main().innerText()).toContain('attempt 1 started');
    expect(api.starts).toHaveLength(before + 1);

    await page.goto(`${run.url}/#/`);
    await card('by-pipeline').getByRole('button', { name: 'Test event' }).click();
    expect(JSON.parse(await dialog().getByRole('textbox').inputValue())).toEqual({
      source: 'aws.codepipeline',
      'detail-type': 'CodePipeline Pipeline Execution State Change',
      detail: { pipeline: 'agent', state: 'SUCCEEDED' },
    });
    await dialog().getByRole('button', { name: 'Send an event to default' }).click();
    await expect.poll(() => dialog().innerText()).toContain('is on the bus default.');
    await dialog().getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => api.starts.length).toBe(before + 2);
  });
}
