import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { serviceSettings } from './service-settings.ts';

/**
 * A log group whose lines stay even when the stack is deleted, if its service does not say otherwise. A stack that
 * is created again must not meet the old one, so its name is generated, or different for each stack that was
 * created.
 */
export class RetainedLogGroup extends LogGroup {
  constructor(scope: Construct, id: string, logGroupName?: string) {
    const {
      logRetention: retention = RetentionDays.THREE_MONTHS,
      removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    } = serviceSettings(scope);
    super(scope, id, {
      ...(logGroupName !== undefined && { logGroupName }),
      retention,
      removalPolicy,
    });
  }
}
