import { expect, test } from 'vitest';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { receive } from '../../../lambda/webhook/receive.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { coreOn, NIGHTLY, signedDelivery } from '../../support/fixture.ts';
import { startMemoryLedger } from '../../support/memory-ledger.ts';
import { startRemoteApi, well } from '../../support/remote-api.ts';
import { startStarterEndpoint } from '../../support/starter-endpoint.ts';

const DELIVERIES = 40;
/** As many starts at once as a small account has room for. */
const PLACES = 10;

test(`${DELIVERIES} deliveries at once, while the API answers nobody, are all recorded; each starts once`, {
  timeout: 120_000,
}, async () => {
  captureLog();
  const clock = clockAt('2026-11-24T02:00:00Z');
  await using memory = await disposable(startMemoryLedger());
  await using api = await disposable(startRemoteApi({ now: clock.now }));
  const slow = Promise.withResolvers<void>();
  api.treatment = (exchange) => void slow.promise.then(() => well(exchange));
  const core = coreOn(memory, api, clock);
  const starter = await startStarterEndpoint(core, clock, PLACES);

  const ids = Array.from({ length: DELIVERIES }, (_, index) => `msg_${index}`);
  const answers = await Promise.all(
    ids.map((id) =>
      receive(
        signedDelivery(id, clock.now()),
        { nightly: NIGHTLY },
        { ...core, handOver: starter.handOver },
      ),
    ),
  );
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(ids.map(() => 202));
  const firings = await Promise.all(ids.map((id) => core.ledger.read(`nightly:delivery:${id}`)));
  expect(firings.filter((firing) => firing === undefined)).toEqual([]);
  expect(api.executions).toEqual([]);

  slow.resolve();
  await starter.idle();
  // What could not be admitted beside so many others was put off by 30 s.
  clock.advance(1);
  await sweep(core, new Date(clock.now().getTime() + 100_000));
  const ended = await Promise.all(ids.map((id) => core.ledger.read(`nightly:delivery:${id}`)));
  expect(new Set(ended.map((firing) => firing?.state))).toEqual(new Set(['started']));
  expect(api.posts).toHaveLength(DELIVERIES);
  expect(new Set(ended.map((firing) => firing?.execution?.id)).size).toBe(DELIVERIES);
});

async function disposable<T extends { stop(): Promise<void> }>(
  starting: Promise<T>,
): Promise<T & AsyncDisposable> {
  const part = await starting;
  return Object.assign(part, { [Symbol.asyncDispose]: () => part.stop() });
}
