import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  EventBus as CdkEventBus,
  type IEventBus,
  type IRuleTarget,
  Rule,
} from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Annotations, Names, type RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { didYouMean } from '../../lambda/api/did-you-mean.ts';
import type { EventKind } from '../../lambda/firing/event-kind.ts';
import { EVENT_SOURCE } from '../../lambda/firing/service-event.ts';
import { loadTriggers, parseTriggers } from '../config/load.ts';
import { formatProblems, type Problem } from '../config/problem.ts';
import type { TriggersFile } from '../config/schema.ts';
import type { TriggersInput } from '../config/triggers-input.ts';
import { InputError } from '../input-error.ts';
import { withServiceParts } from './function-bundle.ts';
import { hasTotal, METRICS, type MetricSource } from './metrics.ts';
import { Service } from './service.ts';
import { serviceName } from './service-settings.ts';

interface RunTestTriggerSettings {
  /**
   * The names of secrets begin with it, and a slash.
   * @default - secrets have the names in the triggers
   */
  readonly stage?: string;
  /**
   * How the names of functions, alarms, schedule groups, the event bus and the dashboard begin.
   * @default - made from the construct's path, so that two in one account never meet
   */
  readonly name?: string;
  /**
   * Where the functions run. They need a way to the API and to AWS (a NAT gateway, or endpoints).
   * @default - outside of any VPC
   */
  readonly vpc?: IVpc;
  /** @default - the private subnets of the VPC */
  readonly vpcSubnets?: SubnetSelection;
  /** @default - a new one for each function, which lets everything out */
  readonly securityGroups?: ISecurityGroup[];
  /** @default RetentionDays.THREE_MONTHS */
  readonly logRetention?: RetentionDays;
  /**
   * What happens to ledger, logs and dead letters when the construct goes. Without the ledger, nobody knows any more what
   * was started.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * The KMS key with which the secrets are encrypted.
   * @default - the one that Secrets Manager owns
   */
  readonly secretsKey?: IKey;
  /**
   * Where messages for people go. It needs a policy that lets CloudWatch publish; the construct adds it to a topic of this app.
   * @default - a new one
   */
  readonly topic?: ITopic;
}

/** The triggers are in a file or in code, and the same is allowed in both. */
export type RunTestTriggerProps = RunTestTriggerSettings &
  (
    | {
        /** Path of the triggers file, from the folder in which the app runs. */
        readonly file: string;
        readonly config?: never;
      }
    | {
        /** What a triggers file would hold. */
        readonly config: TriggersInput;
        readonly file?: never;
      }
  );

/**
 * Starts Future AGI run tests on schedules, events and signed webhooks, exactly once. Throws an error that lists every
 * problem of the triggers. Secrets are not created: `npx rtt secret set NAME --stack STACK` does, or another part of
 * the app.
 */
export class RunTestTrigger extends Construct {
  /** One item per firing. */
  readonly ledger: ITable;
  /** What happened to firings and executions (docs/events.md). */
  readonly eventBus: IEventBus;
  /** Messages for people. */
  readonly topic: ITopic;
  readonly #service: Service;
  readonly #config: TriggersFile;

  constructor(scope: Construct, id: string, props: RunTestTriggerProps) {
    super(scope, id);
    const now = new Date();
    const config = readConfig(props, now, this);
    const { stage, vpc, vpcSubnets, securityGroups, logRetention, removalPolicy } = props;
    this.#service = withServiceParts(
      config,
      stage,
      (parts) =>
        new Service(this, 'Default', {
          ...parts,
          config,
          settings: {
            name: props.name ?? Names.uniqueResourceName(this, { maxLength: 40, separator: '-' }),
            ...(vpc && {
              network: {
                vpc,
                ...(vpcSubnets && { vpcSubnets }),
                ...(securityGroups && { securityGroups }),
              },
            }),
            logRetention,
            removalPolicy,
          },
          stage,
          topic: props.topic,
          secretsKey: props.secretsKey,
          now,
        }),
    );
    this.#config = config;
    this.ledger = Table.fromTableAttributes(this, 'LedgerTable', {
      tableName: this.#service.ledger.name,
      grantIndexPermissions: true,
    });
    this.topic = this.#service.topic;
    this.eventBus = CdkEventBus.fromEventBusArn(this, 'Bus', this.#service.bus.arn);
  }

  /** Lets somebody fire, pause and retry, as `npx rtt` does: by invoking the command function. */
  grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [this.#service.command.functionArn],
    });
  }

  /** Where deliveries to this trigger go. */
  webhookUrl(trigger: string): string {
    if (!this.#trigger(trigger).webhook) {
      throw new InputError(`The trigger ${trigger} has no webhook: write one for it`);
    }
    return this.#service.webhookApi.urlOf(trigger);
  }

  /** Sends the target what became of a trigger's executions, as soon as it is known. At least once, as EventBridge does. */
  onResult(trigger: string, target: IRuleTarget): Rule {
    this.#trigger(trigger);
    return new Rule(this, `OnResult-${trigger}`, {
      eventBus: this.eventBus,
      eventPattern: {
        source: [EVENT_SOURCE],
        detail: { trigger: [trigger], kind: [...RESULTS] },
      },
      targets: [target],
    });
  }

  /**
   * A metric over all triggers, of those that the alarms need (`monitoring.alarms`).
   * @param name such as `rejected`, `missed` or `lost`.
   */
  metric(name: string, options?: MetricOptions): Metric {
    const known = Object.entries<MetricSource>(METRICS).flatMap(([key, source]) =>
      hasTotal(source, this.#config.monitoring) ? key : [],
    );
    if (!known.includes(name)) {
      throw new InputError(`There is no metric ${name}; published are: ${known.join(', ')}`);
    }
    return new Metric({ namespace: serviceName(this.#service), metricName: name, ...options });
  }

  #trigger(name: string): TriggersFile['triggers'][string] {
    const trigger = this.#config.triggers[name];
    if (trigger) return trigger;
    const names = Object.keys(this.#config.triggers);
    throw new InputError(`There is no trigger ${name}${didYouMean(name, names)}`);
  }
}

const RESULTS: readonly EventKind[] = ['passed', 'failed', 'inconclusive', 'lost'];

/** Warnings of the triggers become warnings of the construct. Throws InputError with every problem. */
function readConfig({ file, config }: RunTestTriggerProps, now: Date, scope: Construct) {
  const loaded =
    file === undefined
      ? parseTriggers('config', JSON.stringify(config), now)
      : loadTriggers(file, now, 'the property file');
  const said = ({ path, message }: Problem) => `${path === '' ? '' : `${path}: `}${message}`;
  if (loaded.ok) {
    for (const warning of loaded.warnings) {
      Annotations.of(scope).addWarningV2(`run-test-trigger:${warning.path}`, said(warning));
    }
    return loaded.config;
  }
  throw new InputError(
    file === undefined
      ? ['The triggers cannot be used', ...loaded.problems.map(said)].join('\n  ')
      : formatProblems(loaded.problems).trimEnd(),
  );
}
