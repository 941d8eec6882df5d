import type { FunctionOptions } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** The same for all parts of one service; `setServiceSettings` hands them down. */
export interface ServiceSettings {
  /** How the names of its resources begin: what has a name of its own is called `<service>-<resource>`. */
  readonly name: string;
  /** Where its functions run; absent, outside of any VPC. */
  readonly network?: Pick<FunctionOptions, 'vpc' | 'vpcSubnets' | 'securityGroups'>;
  /** Absent: three months, as long as firings stay by default. */
  readonly logRetention?: RetentionDays | undefined;
  /** Of ledger, logs and dead letters. Absent: they stay when the service goes. */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

const KEY = 'run-test-trigger:service';

/** For everything that is built below `scope`, and before anything is built there. */
export function setServiceSettings(scope: Construct, settings: ServiceSettings): void {
  scope.node.setContext(KEY, settings);
}

/** Those of the service to which `scope` belongs. */
export function serviceSettings(scope: Construct): ServiceSettings {
  return scope.node.getContext(KEY);
}

/** What names of resources begin with. Throws TypeError where no settings were set above `scope`. */
export function serviceName(scope: Construct): string {
  return serviceSettings(scope).name;
}
