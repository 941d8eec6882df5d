import { request } from 'node:http';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { operatorHeader } from '../support/operator.ts';
import { HOSTILE } from './api.ts';
import { api, card, noticed, page, run, state, violations } from './console-world.ts';

const dialog = () => page.getByRole('dialog');

/** What a person sees when the API fails, and what strangers get. */
export function faultsTests(): void {
  beforeAll(() => page.goto(`${run.url}/#/`));
  afterEach(async () => {
    delete api.fault;
    await page.keyboard.press('Escape');
  });

  const plan = () => card('by-bearer').getByRole('button', { name: 'Fire now' }).click();
  const button = () => dialog().getByRole('button', { name: 'Fire by-bearer' });

  test.each([
    ['is down', 'down', 'Its scenarios cannot be listed now.'],
    ['refuses the key', { status: 401, body: HOSTILE }, 'HTTP 401. Set a valid API key'],
    ['fails', { status: 500, body: HOSTILE }, 'Its scenarios cannot be listed now.'],
  ] as const)('an API that %s is said in the plan', async (_, fault, said) => {
    api.fault = fault;
    await plan();
    await expect.poll(() => dialog().innerText()).toContain(said);
  });

  test('what the API says of a start that it refuses is shown as text', async () => {
    await plan();
    await expect.poll(() => button().isEnabled()).toBe(true);
    // What looks like a page of a proxy is not quoted at all.
    const words = 'no <img src=x onerror="document.title=1">';
    api.fault = { status: 400, body: JSON.stringify({ details: { scenarioIds: [words] } }) };
    await button().click();
    await expect.poll(() => dialog().innerText()).toContain(`scenarioIds: ${words} (HTTP 400)`);
    expect(await violations('dialog')).toEqual([]);
    expect({ title: await page.title(), ...noticed }).toEqual({
      title: 'run-test-trigger',
      foreign: [],
      faults: [],
    });
  });

  test('while a slow API is asked, nothing can be confirmed', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    api.fault = { until: promise };
    await plan();
    expect(await dialog().innerText()).toContain('Looking at what would start …');
    expect(await button().isDisabled()).toBe(true);
    resolve();
    await expect.poll(() => button().isEnabled()).toBe(true);
  });

  test('a start needs no mouse, and Escape gives the focus back', async () => {
    const fire = card('by-bearer').getByRole('button', { name: 'Fire now' });
    const isAt = (where: typeof fire) =>
      where.evaluate((element) => element === element.ownerDocument.activeElement);
    for (let tabs = 0; tabs < 80 && !(await isAt(fire)); tabs += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => button().isEnabled()).toBe(true);
    for (let tabs = 0; tabs < 5 && !(await isAt(button())); tabs += 1)
      await page.keyboard.press('Tab');
    const before = api.starts.length;
    await page.keyboard.press('Enter');
    await expect.poll(() => dialog().innerText()).toContain('Show the firing');
    expect(api.starts).toHaveLength(before + 1);
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog().count()).toBe(0);
    expect(await isAt(fire)).toBe(true);
  });

  test.each([
    ['another name that leads here', { host: 'evil.example:80' }],
    ['a page of another origin', { origin: 'http://evil.example' }],
    ['a page of another site whose origin is hidden', { origin: 'null' }],
    ['a form of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of another port', { 'sec-fetch-site': 'same-site' }],
  ])('%s is refused, also with the key', async (_, headers) => {
    const before = api.starts.length;
    const action = JSON.stringify({
      action: 'fire',
      trigger: 'by-bearer',
      requestId: `console-${crypto.randomUUID()}`,
    });
    expect(await post('/_console/actions', { ...operatorHeader(state), ...headers }, action)).toBe(
      403,
    );
    expect(api.starts).toHaveLength(before);
  });

  test('a form, which cannot bring the header, starts nothing', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await post('/_console/actions', type, 'action=fire')).toBe(401);
  });
}

/** `fetch` sets some of these headers by itself. */
function post(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, run.url), { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
