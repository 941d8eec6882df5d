import { createServer, type Server } from 'node:http';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import type { Response } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { ledgerClient, operatorHeader } from '../support/operator.ts';
import { api, file, page, run, state } from './console-world.ts';

const pages = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html').end('<title>evil</title>');
});
let statuses: number[] = [];
const keepStatus = (response: Response) => void statuses.push(response.status());

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return address.port;
}

interface Attempt {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly mode?: 'cors' | 'no-cors';
}

/** POSTs from the page; what its script learns of each: the answer's text, `opaque` when it may not read it, or why nothing was sent. */
function attempt(attempts: readonly Attempt[]): Promise<string[]> {
  const send = (all: readonly Attempt[]) =>
    Promise.all(
      all.map(({ url, ...init }) =>
        fetch(url, { method: 'POST', ...init }).then(
          (response) => (response.type === 'opaque' ? response.type : response.text()),
          (error: Error) => error.message,
        ),
      ),
    );
  return page.evaluate(send, attempts);
}

const LIST_TABLES = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'DynamoDB_20120810.ListTables',
  'x-amz-date': '20261124T020000Z',
  authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=a, Signature=b',
};

const schedule = () => `${run.url}/_local/schedules/nightly/early`;
const invocations = () => {
  const { commandFunction, endpoints } = file;
  return `${endpoints.lambda}/2015-03-31/functions/${encodeURIComponent(commandFunction)}/invocations`;
};
const PAUSE = '{"command":"pause","by":"evil","reason":"evil"}';
const FIRE = '{"trigger":"nightly","requestId":"evil"}';

/** What is attempted, where, and with which body. */
const ATTACKS: readonly (readonly [string, () => string, string])[] = [
  ['fire a schedule', schedule, ''],
  ['drop a firing', () => `${schedule()}/drop`, ''],
  ['miss a firing', () => `${schedule()}/miss`, ''],
  ['deliver to a webhook', () => `${run.url}/hooks/by-bearer`, '{}'],
  ['fire by command', invocations, FIRE],
  ['pause every trigger', invocations, PAUSE],
  ['read or write the ledger', () => file.endpoints.dynamodb, '{}'],
  ['set a secret', () => file.endpoints.secretsManager, '{}'],
  ['take dead letters', () => file.endpoints.sqs, '{}'],
];

/** What the attacks are after: no execution was asked for, and the ledger has neither a firing nor a pause. */
async function expectNothing(): Promise<void> {
  const ledger = await ledgerClient(state);
  const { Items } = await ledger.send(new ScanCommand({ TableName: file.ledgerTable }));
  ledger.destroy();
  expect({ starts: api.starts, Items }).toEqual({ starts: [], Items: [] });
}

/** What a page of a stranger in the same browser gets. They go before anything has started, so the ledger is empty. */
export function foreignPageTests(): void {
  beforeAll(async () => {
    await listen(pages);
    page.on('response', keepStatus);
    await page.goto(`http://evil.example:${portOf(pages)}/`);
  });
  afterAll(() => {
    page.off('response', keepStatus);
    pages.close();
  });

  beforeEach(() => {
    statuses = [];
  });

  test('a page can read what answers every page, as a plain DynamoDB server does', async () => {
    const plain = dynalite({ createTableMs: 0 });
    await listen(plain);
    onTestFinished(() => void plain.close());
    const url = `http://127.0.0.1:${portOf(plain)}/`;
    expect(await attempt([{ url, headers: LIST_TABLES, body: '{}' }])).toEqual([
      '{"TableNames":[]}',
    ]);
  });

  const each = <T>(outcome: T) => ATTACKS.map(([what]) => [what, outcome]);

  test('a foreign page starts, reads and changes nothing', async () => {
    const sent = await attempt(
      ATTACKS.map(([, url, body]) => ({ url: url(), body, mode: 'no-cors' })),
    );
    expect(ATTACKS.map(([what], index) => [what, sent[index]])).toEqual(each('opaque'));
    expect(statuses).toEqual(ATTACKS.map(() => 403));
    await expectNothing();
  });

  test('nor does one that knows the access key', async () => {
    const headers = { ...LIST_TABLES, ...operatorHeader(state) };
    const sent = await attempt(ATTACKS.map(([, url, body]) => ({ url: url(), headers, body })));
    expect(ATTACKS.map(([what], index) => [what, sent[index]])).toEqual(each('Failed to fetch'));
    await expectNothing();
  });

  test('a form of a foreign page does no more', async () => {
    const form = `<form method="post" action="${schedule()}"><button>Win</button></form>`;
    await page.setContent(form);
    await page.click('button');
    await expect.poll(() => statuses).toEqual([403]);
    await expectNothing();
  });

  test('nor does a page whose name was moved to this machine', async () => {
    const headers = { ...LIST_TABLES, ...operatorHeader(state) };
    const answers = [];
    for (const [what, url, body] of ATTACKS) {
      const own = new URL(url());
      own.hostname = 'evil.example';
      if (new URL(page.url()).origin !== own.origin) await page.goto(own.origin);
      const [sent = ''] = await attempt([{ url: own.href, headers, body }]);
      answers.push([what, JSON.parse(sent)]);
    }
    const message = expect.stringMatching(/^Only answered under 127\.0\.0\.1:/);
    expect(answers).toEqual(each({ message }));
    expect(new Set(statuses)).toEqual(new Set([403]));
    await expectNothing();
  });
}
