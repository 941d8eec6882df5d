import { expect, test } from 'vitest';
import { propertiesOf, templateOf } from './synthesized.ts';

const template = templateOf();
const schedules = propertiesOf(template, 'AWS::Scheduler::Schedule');
const [group] = Object.keys(template.findResources('AWS::Scheduler::ScheduleGroup'));

test('a schedule carries the times of the triggers file', () => {
  expect(schedules.Schedulesnightly0).toMatchObject({
    Name: 'nightly-0',
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
  expect(schedules.Schedulesnightly1).toMatchObject({
    Name: 'nightly-1',
    ScheduleExpression: 'at(2026-12-24T08:00:00)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    State: 'DISABLED',
  });
});

test('its input names the trigger, the schedule and the scheduled time', () => {
  expect(schedules.Schedulesnightly1.Target.Input).toBe(
    '{"trigger":"nightly","schedule":1,"scheduledTime":"<aws.scheduler.scheduled-time>"}',
  );
});

test('it is repeated until the start deadline of its trigger, then given up to a queue', () => {
  const [queue] = Object.keys(template.findResources('AWS::SQS::Queue', {})).filter((id) =>
    id.startsWith('Schedule'),
  );
  expect(schedules.Schedulesnightly0.Target).toMatchObject({
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
