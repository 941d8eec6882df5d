import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { allow } from './allow.ts';

/** Lets the schedules of one group, and nothing else, invoke one function. */
export class ScheduleRole extends Role {
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
