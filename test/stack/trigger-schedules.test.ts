import { describe, expect, test } from 'vitest';
import { parseExpression } from '../../lib/config/schedule-expression.ts';
import { CONFIG, NIGHTLY, propertiesOf, SILENT, templateOf } from './synthesized.ts';

const template = templateOf();
const schedules = propertiesOf(template, 'AWS::Scheduler::Schedule');
const [group] = Object.keys(template.findResources('AWS::Scheduler::ScheduleGroup'));

test('a schedule carries the times of the triggers file', () => {
  expect(schedules.Schedulesnightlyweekdays).toMatchObject({
    Name: 'nightly.weekdays',
    GroupName: { Ref: group },
    ScheduleExpression: 'cron(0 2 ? * MON-FRI *)',
    ScheduleExpressionTimezone: 'America/New_York',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
    StartDate: '2026-12-01T00:00:00Z',
    EndDate: '2027-12-01T00:00:00Z',
    State: 'ENABLED',
  });
});

test('a disabled schedule without a window stays, switched off', () => {
  expect(schedules.Schedulesnightlyonce).toMatchObject({
    Name: 'nightly.once',
    ScheduleExpression: 'at(2026-12-24T08:00:00)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    State: 'DISABLED',
  });
});

test('removing the first of its schedules renames no other', () => {
  const kept = propertiesOf(templateOf(SILENT), 'AWS::Scheduler::Schedule');
  expect(Object.keys(kept)).toEqual(['Schedulesnightlyonce', 'SweepSchedule']);
  expect(kept.Schedulesnightlyonce).toEqual(schedules.Schedulesnightlyonce);
});

test('its input names the trigger, the schedule and the scheduled time', () => {
  expect(schedules.Schedulesnightlyonce.Target.Input).toBe(
    '{"trigger":"nightly","schedule":"once","scheduledTime":"<aws.scheduler.scheduled-time>"}',
  );
});

test('it is repeated until the start deadline of its trigger, then given up to a queue', () => {
  const [queue] = Object.keys(template.findResources('AWS::SQS::Queue', {})).filter((id) =>
    id.startsWith('Schedule'),
  );
  expect(schedules.Schedulesnightlyweekdays.Target).toMatchObject({
    RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 1800 },
    DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queue, 'Arn'] } },
  });
});

test('the sweep is invoked once a minute and never repeated', () => {
  const [sweep] = Object.keys(
    template.findResources('AWS::Lambda::Function', {
      Properties: { FunctionName: 'run-test-trigger-sweep' },
    }),
  );
  expect(schedules.SweepSchedule).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: { 'Fn::GetAtt': [sweep, 'Arn'] },
      RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    },
  });
});

describe('deployed at 2027-03-01T05:20:00Z', () => {
  const cron = {
    name: 'weekdays',
    ...parseExpression('cron(0 2 ? * MON-FRI *)'),
    timezone: 'UTC',
    flexibleWindowMinutes: 0,
    enabled: true,
  };
  const rate = { ...cron, ...parseExpression('rate(6 hours)') };
  const once = { ...cron, ...parseExpression('at(2027-03-01T05:00:00)') };
  const start = '2026-12-01T01:00:00Z';
  const end = '2027-03-01T00:00:00Z';

  const rows = [
    ['a past start of a cron is left out', { ...cron, start }, { State: 'ENABLED' }],
    [
      'one of a rate becomes the next moment of its grid',
      { ...rate, start },
      { StartDate: '2027-03-01T07:00:00Z', State: 'ENABLED' },
    ],
    [
      'one of a rate that is switched off, too',
      { ...rate, start, enabled: false },
      { StartDate: '2027-03-01T07:00:00Z', State: 'DISABLED' },
    ],
    [
      'a start that lies ahead stays',
      { ...cron, start: '2027-04-01T00:00:00Z' },
      { StartDate: '2027-04-01T00:00:00Z', State: 'ENABLED' },
    ],
    [
      'a schedule that is over is off and has no dates',
      { ...cron, start, end },
      { State: 'DISABLED' },
    ],
    [
      'a rate with no moment left before its end, too',
      { ...rate, start, end: '2027-03-01T06:00:00Z' },
      { State: 'DISABLED' },
    ],
    [
      'one that is switched off and over, too',
      { ...rate, start, end, enabled: false },
      { State: 'DISABLED' },
    ],
    ['a past at is off, so that it does not fire at once', once, { State: 'DISABLED' }],
    [
      'one within its window stays on',
      { ...once, flexibleWindowMinutes: 30 },
      { State: 'ENABLED' },
    ],
  ] as const;
  const numbered = rows.map(([, schedule], index) => ({ ...schedule, name: `row${index}` }));
  const triggers = { nightly: { ...NIGHTLY, schedules: numbered } };
  const late = templateOf({ ...CONFIG, triggers }, undefined, new Date('2027-03-01T05:20:00Z'));
  const found = propertiesOf(late, 'AWS::Scheduler::Schedule');

  test.each(rows.map(([fact, , expected], index) => ({ fact, index, expected })))(
    '$fact',
    ({ index, expected }) => {
      const { StartDate, EndDate, State } = found[`Schedulesnightlyrow${index}`];
      expect({ StartDate, EndDate, State }).toEqual(expected);
    },
  );
});
