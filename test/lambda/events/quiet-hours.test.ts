import { afterEach, beforeEach, expect, test } from 'vitest';
import { endQuiet, keepQuiet } from '../../../lambda/events/quiet-hours.ts';
import { together, type Untold } from '../../../lambda/events/together.ts';
import { EVENT_KINDS, type EventKind } from '../../../lambda/firing/event-kind.ts';
import type { Published } from '../../../lambda/firing/service-event.ts';
import { severalTold } from '../../../lambda/notify/several.ts';
import { messageOf } from '../../../lambda/notify/topic.ts';
import { readQuietHours } from '../../../lib/config/notify-schema.ts';
import { clockAt } from '../../support/clock.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';

let memory: MemoryLedger;
beforeEach(async () => {
  memory = await startMemoryLedger();
});
afterEach(() => memory.stop());

function untold(kind: EventKind, trigger: string, ended: readonly EventKind[] = []): Untold {
  const since = '2026-11-23T20:00:00.000Z';
  return {
    causes: [],
    event: {
      version: 1,
      id: `${trigger}:command:1/${kind}`,
      kind,
      trigger,
      firing: `${trigger}:command:1`,
      time: since,
      reasons: kind === 'failed' ? ['5 of 10 calls completed.'] : [],
      ended: ended.map((each) => ({ kind: each, since, runs: 1 })),
      repeated: false,
    },
  };
}

/** A service in Berlin whose people sleep from 22:00 to 07:00. */
function serviceAt(time: string, hours = '22:00-07:00') {
  const read = readQuietHours(hours, (message) => expect.fail(message));
  if (!read) return expect.fail('no hours');
  const clock = clockAt(time);
  const published: Published[] = [];
  const context = {
    ledger: memory.ledger,
    now: clock.now,
    quietHours: { ...read, timezone: 'Europe/Berlin' },
    notify: ['failed', 'rejected', 'recovered'] as const,
    publish: async (events: readonly Published[]) => void published.push(...events),
  };
  return {
    context,
    published,
    clock,
    async happens(...events: Untold[]) {
      const all = together(await keepQuiet(events, context), clock.now());
      return all.map((event) => ('told_in' in event ? event.told_in : undefined));
    },
  };
}

const MORNING = 'quiet/2026-11-24T06:00:00Z';

test.each<[string, Untold, string, string | undefined]>([
  ['a failure at night waits', untold('failed', 'a'), '2026-11-24T02:00:00Z', MORNING],
  ['a failure before midnight waits', untold('failed', 'a'), '2026-11-23T21:00:00Z', MORNING],
  ['a failure by day does not', untold('failed', 'a'), '2026-11-24T06:00:00Z', undefined],
  ['a refused start never waits', untold('rejected', 'a'), '2026-11-24T02:00:00Z', undefined],
  [
    'its recovery neither',
    untold('recovered', 'a', ['rejected']),
    '2026-11-24T02:00:00Z',
    undefined,
  ],
  ['another recovery does', untold('recovered', 'a', ['failed']), '2026-11-24T02:00:00Z', MORNING],
  ['what nobody is told of is not kept', untold('passed', 'a'), '2026-11-24T02:00:00Z', undefined],
])('%s', async (_name, event, time, told) => {
  expect(await serviceAt(time).happens(event)).toEqual([told]);
});

test('the night the clocks go back is quiet until its morning', async () => {
  const service = serviceAt('2026-10-25T00:30:00Z');
  expect(await service.happens(untold('failed', 'a'))).toEqual(['quiet/2026-10-25T06:00:00Z']);
});

test('what waited comes in one message at the end, once', async () => {
  const service = serviceAt('2026-11-23T23:00:00Z');
  await service.happens(untold('failed', 'nightly'), untold('recovered', 'checkout', ['failed']));
  service.clock.advance(60);
  await service.happens(untold('failed', 'nightly'), untold('failed', 'billing'));
  await endQuiet(service.context);
  expect(service.published).toEqual([]);
  service.clock.advance(6 * 60);
  await endQuiet(service.context);
  await endQuiet(service.context);
  expect(service.published).toHaveLength(1);
  const [several] = service.published;
  if (several?.kind !== 'several') return expect.fail('not several');
  const told = severalTold(several, { service: 'run-test-trigger', timezone: 'Europe/Berlin' });
  expect(told && messageOf(told, 'run-test-trigger').email).toMatchInlineSnapshot(`
    "3 triggers: 2 FAILED, 1 passes again

    By trigger
    - billing FAILED: 5 of 10 calls completed
    - nightly FAILED: 5 of 10 calls completed
    - checkout passes again

    What to do
    Open the execution and look at the calls that failed.
    npx rtt show billing:command:1
    npx rtt show nightly:command:1

    When       Tue 2026-11-24 07:00 Europe/Berlin (06:00 UTC)
    Since      Mon 2026-11-23 22:00 Europe/Berlin (21:00 UTC), quiet hours
    "
  `);
});

test('what the bus does not take comes again with the same id', async () => {
  const service = serviceAt('2026-11-24T05:59:00Z');
  await service.happens(untold('failed', 'a'));
  service.clock.advance(1);
  const publish = () => Promise.reject(new Error('The bus is away'));
  await expect(endQuiet({ ...service.context, publish })).rejects.toThrow('The bus is away');
  await endQuiet(service.context);
  expect(service.published).toMatchObject([{ id: MORNING }]);
});

test('beyond one message, what happens at night is told at once', async () => {
  const service = serviceAt('2026-11-24T02:00:00Z');
  const many = Array.from({ length: 201 }, (_, index) => untold('failed', `t${index}`));
  const told = await service.happens(...many);
  expect(told.filter((each) => each === MORNING)).toHaveLength(200);
  expect(told.at(-1)).toBeUndefined();
});

test('the message of a night that is still to be told keeps no other back', async () => {
  const service = serviceAt('2026-11-24T02:00:00Z');
  await service.happens(untold('failed', 'a'));
  service.clock.advance(24 * 60);
  expect(await service.happens(untold('failed', 'b'))).toEqual([undefined]);
});

test.each(['22:00', '22-07', '24:00-07:00', '07:00-07:00'])('%j is not a time', (text) => {
  const messages: string[] = [];
  expect(readQuietHours(text, (message) => void messages.push(message))).toBeUndefined();
  expect(messages).toEqual(['is not a time of every day; write it as 22:00-07:00']);
});

test('every kind has its severity', () => {
  const bySeverity = Map.groupBy(Object.entries(EVENT_KINDS), ([, { severity }]) => severity);
  expect(
    [...bySeverity].map(([severity, kinds]) => [severity, kinds.map(([kind]) => kind)]),
  ).toEqual([
    ['info', ['started', 'passed', 'skipped', 'recovered', 'budget']],
    ['error', ['failed', 'inconclusive', 'mismatch']],
    ['critical', ['lost', 'rejected', 'unresolved', 'expired', 'missed', 'paused']],
  ]);
});
