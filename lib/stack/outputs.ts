import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { pascalCase, WEBHOOK_URLS, webhookUrlOutput } from './webhook-output.ts';

/** CloudFormation takes 200 outputs ("CloudFormation quotas" in its user guide), and a webhook has two. */
const MOST_WEBHOOKS = 80;

/** What a person needs to know of a deployed stack. */
export interface Outputs {
  readonly build: string;
  /** Names of secrets; undefined for one that the file names by its ARN. */
  readonly apiKeySecret: string | undefined;
  readonly webhooks: readonly {
    readonly trigger: string;
    readonly url: string;
    readonly secret: string | undefined;
  }[];
  /** With TRIGGER in the place of a trigger's name. */
  readonly webhookUrls: string;
  readonly ledgerTable: string;
  readonly commandFunction: string;
  readonly eventBus: string;
  readonly topic: string;
  readonly heartbeatSecret: string | undefined;
  /** Undefined where there is none. */
  readonly dashboard: string | undefined;
  readonly functions: Readonly<Record<string, { readonly logGroup: ILogGroup }>>;
  readonly accessLog: ILogGroup;
  readonly deadLetters: Readonly<Record<string, IQueue>>;
}

/** Adds the outputs of the service. Many webhooks have one together. */
export function addOutputs(service: Construct, outputs: Outputs): void {
  const add = (id: string, value: string, description: string) =>
    new CfnOutput(service, id, { value, description });
  const addSecret = (id: string, name: string | undefined) => {
    if (name !== undefined)
      add(id, setCommand(service, name), `Sets the secret ${name} from standard input`);
  };
  add('Build', outputs.build, 'Version and commit that is deployed');
  addSecret('SetApiKey', outputs.apiKeySecret);
  addSecret('SetHeartbeat', outputs.heartbeatSecret);
  const areMany = outputs.webhooks.length > MOST_WEBHOOKS;
  for (const { trigger, url, secret } of areMany ? [] : outputs.webhooks) {
    add(webhookUrlOutput(trigger), url, `Signed deliveries to it fire ${trigger}`);
    addSecret(`SetWebhookSecret${pascalCase(trigger)}`, secret);
  }
  if (areMany) add(WEBHOOK_URLS, outputs.webhookUrls, 'Signed deliveries to it fire TRIGGER');
  add('LedgerTable', outputs.ledgerTable, 'One item per firing');
  add('CommandFunction', outputs.commandFunction, 'Takes people’s commands: npx rtt fire TRIGGER');
  add('EventBus', outputs.eventBus, 'EventBridge bus: add rules to it (docs/events.md)');
  add('NotificationTopic', outputs.topic, 'SNS topic: subscribe people and chats to it');
  if (outputs.dashboard !== undefined) {
    add('Dashboard', outputs.dashboard, 'CloudWatch dashboard');
  }
  for (const [name, { logGroup }] of Object.entries(outputs.functions)) {
    add(`${pascalCase(name)}LogGroup`, logGroup.logGroupName, `CloudWatch log group: ${name}`);
  }
  add('AccessLogGroup', outputs.accessLog.logGroupName, 'CloudWatch log group: webhook requests');
  for (const [name, { queueUrl }] of Object.entries(outputs.deadLetters)) {
    add(`${pascalCase(name)}DeadLetterQueue`, queueUrl, `Events that were given up: ${name}`);
  }
}

/** The value comes from standard input, so it is in no argument list and no shell history. */
function setCommand(service: Construct, secret: string): string {
  return `npx rtt secret set ${secret} --stack ${Stack.of(service).stackName}`;
}
