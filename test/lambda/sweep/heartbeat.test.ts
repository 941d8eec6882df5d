import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { SecretUnusableError } from '../../../lambda/runtime/secrets.ts';
import { beat } from '../../../lambda/sweep/heartbeat.ts';
import { watchedSweep } from '../../../lambda/sweep/watched-sweep.ts';
import { captureLog } from '../../support/captured-log.ts';

/** A monitor that answers with this status, and the paths that were called. */
async function monitor(status: number) {
  const called: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    called.push(url);
    response.writeHead(status).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { called, url: `http://127.0.0.1:${address.port}/ping/secret-id` };
}

test('the monitor is called, and nothing is logged', async () => {
  const log = captureLog();
  const { called, url } = await monitor(200);
  await beat('beat', async () => url);
  expect(called).toEqual(['/ping/secret-id']);
  expect(log).toEqual([]);
});

test.each([
  ['a monitor that refuses', async () => (await monitor(404)).url, 'the monitor answered HTTP 404'],
  ['a value that is no URL', async () => 'ping', 'Secret beat holds no https URL of a monitor'],
  [
    'an address without TLS',
    async () => 'http://example.com/',
    'Secret beat holds no https URL of a monitor',
  ],
  [
    'a secret without a value',
    () => Promise.reject(new SecretUnusableError('beat', 'does not exist or has no value')),
    'Secret beat does not exist or has no value',
  ],
])('%s is logged, without the URL', async (_, readUrl, message) => {
  const log = captureLog();
  await beat('beat', readUrl);
  expect(log).toEqual([{ event: 'heartbeat_failed', message }]);
});

test('schedules that cannot be watched delay no firing, and the sweep counts as failed', async () => {
  const log = captureLog();
  const done: string[] = [];
  const sweeping = watchedSweep(
    () => Promise.reject(new Error('no table')),
    async () => void done.push('swept'),
  );
  await expect(sweeping).rejects.toThrow('The schedules could not be watched');
  expect(done).toEqual(['swept']);
  expect(log).toEqual([{ event: 'watch_failed', message: 'Error: no table' }]);
});
