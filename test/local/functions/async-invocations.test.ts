import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../lib/clock.ts';
import { invokeAsync } from '../../../lib/local/functions/async-invocations.ts';
import type { DeadLetter } from '../../../lib/local/functions/dead-letters.ts';
import { hostFunction } from '../../../lib/local/functions/function-host.ts';
import { handWrittenStack } from '../hand-written-stack.ts';
import { manualClock } from '../manual-clock.ts';

/** Fails as often as the event says, counting in its process. */
const FAILING = `
  let count = 0;
  export const handler = async ({ failures }) => {
    count += 1;
    console.info({ count });
    if (count <= failures) throw new Error('failure ' + count);
  };
`;

function failingFunction(asynchronous: { retries: number; maxEventAgeSeconds: number }) {
  const [fn] = handWrittenStack({ Fn: FAILING }).functions;
  if (!fn) throw new Error('no function');
  const attempts: { requestId: string }[] = [];
  const host = hostFunction({ ...fn, asynchronous }, {}, systemClock, ({ line }) => {
    const { level, requestId } = JSON.parse(line);
    if (level === 'INFO') attempts.push({ requestId });
  });
  onTestFinished(() => host.stop());
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const clock = manualClock('2026-11-24T02:00:00Z');
  const letters: DeadLetter[] = [];
  const invoke = (event: unknown) =>
    invokeAsync(host, JSON.stringify(event), {
      clock,
      signal: stopping.signal,
      repeat: host.invokeQueued,
      deadLetter: (letter) => letters.push(letter),
    });
  const until = async (count: number) => {
    while (attempts.length < count) await sleep(5);
    await sleep(30);
  };
  return { invoke, clock, stopping, attempts, letters, until };
}

test('a failing event is repeated after one minute, then after two, with the same request id', async () => {
  const { invoke, clock, attempts, letters, until } = failingFunction({
    retries: 2,
    maxEventAgeSeconds: 600,
  });
  const { requestId, settled } = invoke({ failures: 2 });
  await until(1);
  await clock.pass(59_999);
  expect(attempts).toHaveLength(1);
  await clock.pass(1);
  await until(2);
  await clock.pass(119_999);
  expect(attempts).toHaveLength(2);
  await clock.pass(1);
  await settled;
  expect(attempts).toEqual([{ requestId }, { requestId }, { requestId }]);
  expect(letters).toEqual([]);
});

test('an event that keeps failing becomes a dead letter', async () => {
  const { invoke, clock, letters, until } = failingFunction({
    retries: 1,
    maxEventAgeSeconds: 600,
  });
  const { requestId, settled } = invoke({ failures: 9 });
  await until(1);
  await clock.pass(60_000);
  await settled;
  expect(letters).toEqual([
    {
      version: '1.0',
      timestamp: '2026-11-24T02:01:00.000Z',
      requestContext: {
        requestId,
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:stack-Fn:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
      },
      requestPayload: { failures: 9 },
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: 'Unhandled',
      },
      responsePayload: {
        errorType: 'Error',
        errorMessage: 'failure 2',
        trace: expect.any(Array),
      },
    },
  ]);
});

test.each(['at its first try', 'before its second'])(
  'an event that the end of the run meets %s is lost, and says so',
  async (when) => {
    const { invoke, stopping } = failingFunction({ retries: 2, maxEventAgeSeconds: 600 });
    const { firstAttempt, settled } = invoke({ failures: 9 });
    if (when === 'before its second') await firstAttempt.then(() => sleep(0));
    stopping.abort();
    await expect(settled).rejects.toThrow('the local run has ended before it succeeded');
  },
);

test('an event that would grow too old is not repeated', async () => {
  const { invoke, letters } = failingFunction({ retries: 2, maxEventAgeSeconds: 59 });
  await invoke({ failures: 9 }).settled;
  expect(letters.map(({ requestContext }) => requestContext.condition)).toEqual([
    'EventAgeExceeded',
  ]);
});
