import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  EventInvokeConfig,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { allow } from './allow.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Bundles, FunctionName } from './function-bundle.ts';
import { RetainedLogGroup } from './retained-log-group.ts';
import { serviceName, serviceSettings } from './service-settings.ts';

/**
 * CPU comes in proportion to memory (1,769 MB: one vCPU), and a cold start (SDK, TLS) is bound by CPU, so twice the
 * memory halves its time for the same price. Above this, an invocation mostly waits for the API.
 */
const MEMORY_MB = 512;

/** Lets Lambda connect a function to a VPC; as in AWS's policy AWSLambdaVPCAccessExecutionRole. */
const VPC_ACCESS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

interface Settings {
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly reservedConcurrency: number | 'unreserved';
  /** Whether X-Ray keeps traces of it. What runs every minute would be most of an idle stack's traces. */
  readonly isTraced: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What Lambda does with an event that fails, or has no free place, where the caller does not wait. */
interface AsynchronousEvents {
  readonly retryAttempts: number;
  readonly maxEventAge: Duration;
  /** Where the function’s role may write what is given up; absent: it is dropped. */
  readonly deadLetters?: DeadLetterQueue;
}

/** One function from its bundle, with a role and a log group of its own. */
export class BundledFunction extends Construct {
  readonly role: Role;
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(
    scope: Construct,
    id: string,
    bundles: Bundles,
    props: Settings & { readonly name: FunctionName; readonly asynchronous?: AsynchronousEvents },
  ) {
    super(scope, id);
    this.logGroup = new RetainedLogGroup(this, 'Log');
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    allow(this.role, ['logs:CreateLogStream', 'logs:PutLogEvents'], this.logGroup.logGroupArn);
    // Lambda's active tracing adds xray:PutTraceSegments and xray:PutTelemetryRecords.
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'X-Ray has no resource that writing a trace could be limited to, and a network interface has no name before it exists.',
    });
    if (serviceSettings(this).network) allow(this.role, VPC_ACCESS, '*');
    this.function = this.addFunction('Function', bundles[props.name], props);
    if (!props.asynchronous) return;
    const { deadLetters, ...events } = props.asynchronous;
    new EventInvokeConfig(this, 'AsynchronousEvents', {
      ...events,
      function: this.function,
      ...(deadLetters && { onFailure: { bind: () => ({ destination: deadLetters.queueArn }) } }),
    });
  }

  /** One more function of this role and log group has a concurrency of its own. */
  addFunction(
    id: string,
    bundle: string,
    props: Settings & { readonly name: string },
  ): LambdaFunction {
    return new LambdaFunction(this, id, {
      ...serviceSettings(this).network,
      functionName: `${serviceName(this)}-${props.name}`,
      description: props.description,
      code: Code.fromAsset(bundle),
      handler: 'handler.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: MEMORY_MB,
      timeout: Duration.seconds(props.timeoutSeconds),
      ...(props.reservedConcurrency !== 'unreserved' && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: props.isTraced ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: props.environment ?? {},
    });
  }
}
