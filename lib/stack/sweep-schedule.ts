import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { ScheduleRole } from './schedule-role.ts';
import { serviceName } from './service-settings.ts';

/** EventBridge Scheduler's minimum. The next sweep does the work of one that could not be invoked. */
const MAX_EVENT_AGE_SECONDS = 60;

/** Invokes the sweep once a minute, from a group of its own: what it drops must not count as a trigger's. */
export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, props: { readonly target: IFunction }) {
    super(scope, id);
    const group = new CfnScheduleGroup(this, 'Group', {
      name: `${serviceName(this)}-sweep`,
    });
    const role = new ScheduleRole(this, 'Role', group, props.target);
    new CfnSchedule(this, 'Schedule', {
      name: 'sweep',
      groupName: group.ref,
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: props.target.functionArn,
        roleArn: role.roleArn,
        retryPolicy: {
          maximumRetryAttempts: 0,
          maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
        },
      },
    }).node.addDependency(role);
  }
}
