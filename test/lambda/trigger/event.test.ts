import { expect, test } from 'vitest';
import { parseTriggerEvent } from '../../../lambda/trigger/event.ts';
import { NIGHTLY } from '../../support/fixture.ts';

const NOW = new Date('2026-11-24T02:00:30Z');
const parse = (event: unknown) => parseTriggerEvent(event, { nightly: NIGHTLY }, NOW);

test('a schedule’s event occurred at its scheduled time', () => {
  expect(
    parse({ trigger: 'nightly', schedule: 'early', scheduledTime: '2026-11-24T02:00:00Z' }),
  ).toEqual({
    occurrence: {
      trigger: 'nightly',
      cause: { kind: 'schedule', schedule: 'early', scheduledTime: '2026-11-24T02:00:00Z' },
      at: new Date('2026-11-24T02:00:00Z'),
    },
    trigger: NIGHTLY,
    coalesceMinutes: 0,
  });
});

test('a person’s request occurs when it arrives', () => {
  expect(parse({ trigger: 'nightly', requestId: 'r-1' }).occurrence).toEqual({
    trigger: 'nightly',
    cause: { kind: 'command', requestId: 'r-1' },
    at: NOW,
  });
});

test.each([
  [undefined],
  [null],
  [[]],
  [{}],
  [{ trigger: 'nightly' }],
  [{ trigger: 'nightly', requestId: '' }],
  [{ trigger: 'nightly', schedule: -1, scheduledTime: '2026-11-24T02:00:00Z' }],
  [{ trigger: 'nightly', schedule: 'early', scheduledTime: '<aws.scheduler.scheduled-time>' }],
  [{ trigger: 'nightly', schedule: 'early', scheduledTime: 'yesterday' }],
  [{ trigger: 'nightly', requestId: 'r', runTestId: 'x' }],
])('%j is no event', (event) => {
  expect(() => parse(event)).toThrow('The event is neither');
});

test('a schedule’s event may outlive its trigger', () => {
  const event = { trigger: 'old', schedule: 'early', scheduledTime: '2026-11-24T02:00:00Z' };
  expect(parse(event)).toMatchObject({ occurrence: { trigger: 'old' }, trigger: undefined });
});

test.each(['weekly', '__proto__', 'constructor'])('the trigger %s is not deployed', (name) => {
  expect(() => parse({ trigger: name, requestId: 'r' })).toThrow(
    `No trigger "${name}" is deployed. Deployed: nightly`,
  );
});
