import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addMinutes } from '../../lambda/runtime/time.ts';
import { occurrences } from '../../lambda/schedule/occurrences.ts';
import type { Schedule } from '../../lambda/schedule/schedule.ts';
import type { TriggersFile } from '../config/schema.ts';
import { allow } from './allow.ts';
import { type DeadLetterQueue, givenUpTo } from './dead-letter-queue.ts';
import { serviceName } from './service-settings.ts';
import type { TriggerPlaces } from './trigger-places.ts';

/**
 * One EventBridge Scheduler schedule, `<trigger>.<name>`, for each schedule of each trigger. One that fires once
 * stays after it fired: CloudFormation has no ActionAfterCompletion, and would miss what the service deletes.
 */
export function addTriggerSchedules(
  service: Construct,
  props: {
    readonly triggers: TriggersFile['triggers'];
    readonly places: TriggerPlaces;
    readonly target: IFunction;
    readonly deadLetters: DeadLetterQueue;
    /** When the template is written. */
    readonly now: Date;
  },
): void {
  const scope = new Construct(service, 'Schedules');
  const { places, target, deadLetters, now } = props;
  const { group } = places;
  const role = new ScheduleRole(scope, 'Role', group, target);
  deadLetters.grantDeadLetters(role);
  // A schedule that fires as soon as it exists needs a role that may already do something.
  places.dependOn(role);
  const own = Object.entries(props.triggers).flatMap(([name, trigger]) =>
    trigger.schedules.map((schedule) => ({ name, trigger, schedule })),
  );
  for (const { name, trigger, schedule } of own) {
    const resource = new CfnSchedule(places.of(name, scope), `${name}.${schedule.name}`, {
      name: `${name}.${schedule.name}`,
      groupName: group.ref,
      ...timesOf(schedule, now),
      target: {
        arn: target.functionArn,
        roleArn: role.roleArn,
        // EventBridge Scheduler replaces the placeholder; it is the same in each repetition of an invocation.
        input: JSON.stringify({
          trigger: name,
          schedule: schedule.name,
          scheduledTime: '<aws.scheduler.scheduled-time>',
        }),
        ...givenUpTo(deadLetters, trigger),
      },
    });
    if (!places.areNested) resource.node.addDependency(role);
  }
}

function timesOf(schedule: Schedule, now: Date) {
  const { flexibleWindowMinutes: window } = schedule;
  // EventBridge Scheduler may fire a new `at` of the past at once.
  const next = nextOf(schedule, addMinutes(now, -window));
  const bounds = next && boundsOf(schedule, now);
  return {
    scheduleExpression: schedule.expression,
    scheduleExpressionTimezone: schedule.timezone,
    flexibleTimeWindow:
      window === 0 ? { mode: 'OFF' } : { mode: 'FLEXIBLE', maximumWindowInMinutes: window },
    ...bounds,
    state: schedule.enabled && bounds ? 'ENABLED' : 'DISABLED',
  };
}

/** Whether it is switched on or not. */
function nextOf(schedule: Schedule, from: Date): Date | undefined {
  const [next] = occurrences({ ...schedule, enabled: true }, from, from).take(1);
  return next;
}

/**
 * EventBridge Scheduler refuses a start of more than five minutes ago, whenever the schedule is created or updated. A cron
 * does without; a rate counts from it, so it gets the next of its times instead.
 */
function boundsOf(schedule: Schedule, now: Date) {
  const { start, end, times } = schedule;
  const isPast = start !== undefined && new Date(start) <= now;
  const next = times.kind === 'rate' ? nextOf(schedule, now) : undefined;
  const startDate = isPast ? next?.toISOString().replace('.000Z', 'Z') : start;
  return {
    ...(startDate !== undefined && { startDate }),
    ...(end !== undefined && { endDate: end }),
  };
}

/** Lets the schedules of one group, and nothing else, invoke one function. */
class ScheduleRole extends Role {
  constructor(scope: Construct, id: string, group: CfnScheduleGroup, target: IFunction) {
    super(scope, id, {
      // Without the conditions, a schedule of anybody else could assume the role (EventBridge Scheduler user
      // guide, "Confused deputy prevention": the source must be a group, not a schedule).
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceArn': group.attrArn,
            'aws:SourceAccount': Stack.of(scope).account,
          },
        },
      }),
    });
    allow(this, ['lambda:InvokeFunction'], target.functionArn);
  }
}

/** Invokes the sweep once a minute, from a group of its own: what it drops must not count as a trigger's. */
export function addSweepSchedule(service: Construct, sweep: IFunction): void {
  const scope = new Construct(service, 'SweepSchedule');
  const group = new CfnScheduleGroup(scope, 'Group', { name: `${serviceName(scope)}-sweep` });
  const role = new ScheduleRole(scope, 'Role', group, sweep);
  new CfnSchedule(scope, 'Schedule', {
    name: 'sweep',
    groupName: group.ref,
    scheduleExpression: 'rate(1 minute)',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: sweep.functionArn,
      roleArn: role.roleArn,
      // EventBridge Scheduler's least age. The next sweep does the work of one that could not be invoked.
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    },
  }).node.addDependency(role);
}
