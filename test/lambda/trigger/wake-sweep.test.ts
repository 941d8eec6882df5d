import { afterAll, beforeAll, expect, test } from 'vitest';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { sweepWaker } from '../../../lambda/trigger/wake-sweep.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());

/** Instances of the trigger function, and what they have invoked. */
function instances(count: number, isUp = true) {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const invoked: object[] = [];
  const lambda = {
    async invoke(invocation: object) {
      if (!isUp) throw new Error('Rate Exceeded.');
      invoked.push(invocation);
    },
  };
  const wake = Array.from({ length: count }, () =>
    sweepWaker(lambda, 'sweep', { ledger: memory.ledger, now: clock.now }),
  );
  return { clock, invoked, wakeAll: () => Promise.all(wake.map((each) => each())) };
}

test('many instances wake the sweep once, and again when that was half a minute ago', async () => {
  const { clock, invoked, wakeAll } = instances(3);
  await wakeAll();
  await wakeAll();
  expect(invoked).toEqual([
    { FunctionName: 'sweep', InvocationType: 'Event', Payload: '{"woken":true}' },
  ]);
  clock.advance(0.5);
  await wakeAll();
  expect(invoked).toHaveLength(2);
});

test('where Lambda does not take it, the sweep comes by itself', async () => {
  const log = captureLog();
  const { clock, wakeAll } = instances(1, false);
  clock.advance(60);
  await wakeAll();
  expect(log).toEqual([
    { event: 'hand_over_failed', function: 'sweep', message: 'Error: Rate Exceeded.' },
  ]);
});

// how late the event is, in minutes; how often the sweep is woken
test.each([
  [0.5, 1],
  [20, 0],
])('an event that is only recorded, %j minutes late, wakes it %j times', async (late, times) => {
  captureLog();
  const clock = clockAt('2026-11-24T02:00:00Z');
  const scheduledTime = clock.now().toISOString();
  clock.advance(late);
  let woken = 0;
  const wakeSweep = async () => {
    woken += 1;
  };
  const core = { ...coreOn(memory, { url: 'http://none' }, clock), wakeSweep };
  const event = { trigger: `late-${late}`, schedule: 'early', scheduledTime };
  const until = new Date(clock.now().getTime() + 60_000);
  for (let copy = 0; copy < 2; copy += 1) {
    await trigger(event, { [event.trigger]: NIGHTLY }, core, until);
  }
  expect(woken).toBe(times);
});
