import { expect, test } from 'vitest';
import { inTime } from '../../../lambda/webhook/in-time.ts';
import { captureLog } from '../../support/captured-log.ts';

const ANSWER = { statusCode: 202, headers: {}, body: '{}' };

test('what hangs is answered in time, and its later failure harms nobody', async () => {
  const log = captureLog();
  const { promise, reject } = Promise.withResolvers<typeof ANSWER>();
  expect(await inTime(promise, 10)).toEqual({
    statusCode: 503,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'retry-after': '30',
    },
    body: '{"error":"unavailable"}',
  });
  expect(log).toEqual([{ event: 'webhook_failed', message: 'no answer within 10 ms' }]);
  reject(new Error('too late'));
});

test('what answers in time is left alone', async () => {
  const log = captureLog();
  expect(await inTime(Promise.resolve(ANSWER), 10)).toEqual(ANSWER);
  await expect(inTime(Promise.reject(new Error('down')), 10)).rejects.toThrow('down');
  expect(log).toEqual([]);
});
