import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { CfnOutput, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { TriggersFile } from '../config/schema.ts';
import type { BundledFunction } from './bundled-function.ts';
import type { EventBus } from './event-bus.ts';
import type { LedgerTable } from './ledger-table.ts';
import type { SecretAccess } from './secrets.ts';
import { serviceName } from './service-settings.ts';
import type { WebhookApi } from './webhook-api.ts';
import { pascalCase, WEBHOOK_URLS, webhookUrlOutput } from './webhook-output.ts';

/** CloudFormation takes 200 outputs ("CloudFormation quotas" in its user guide), and a webhook has two. */
const MOST_WEBHOOKS = 80;

/** What the service is made of, as far as a person needs to know it. */
export interface Parts {
  readonly config: TriggersFile;
  readonly build: string;
  readonly secrets: SecretAccess;
  readonly webhookApi: WebhookApi;
  readonly ledger: LedgerTable;
  readonly command: IFunction;
  readonly bus: EventBus;
  readonly topic: ITopic;
  readonly functions: Readonly<Record<string, BundledFunction>>;
  readonly deadLetters: Readonly<Record<string, IQueue>>;
}

/** Adds the outputs of the service. Many webhooks have one together. */
export function addOutputs(service: Construct, parts: Parts): void {
  const { secrets, webhookApi } = parts;
  const { triggers, api, monitoring } = parts.config;
  const add = (id: string, value: string, description: string) =>
    new CfnOutput(service, id, { value, description });
  /** A secret that the file names by its ARN is set elsewhere. */
  const addSecret = (id: string, secret: string | undefined) => {
    const name = secret && secrets.nameOf(secret);
    if (!name) return;
    // The value comes from standard input, so it is in no argument list and no shell history.
    const set = `npx rtt secret set ${name} --stack ${Stack.of(service).stackName}`;
    add(id, set, `Sets the secret ${name} from standard input`);
  };
  add('Build', parts.build, 'Version and commit that is deployed');
  addSecret('SetApiKey', api.secret);
  addSecret('SetHeartbeat', monitoring.heartbeat);
  const webhooks = Object.entries(triggers).filter(([, { webhook }]) => webhook);
  const areMany = webhooks.length > MOST_WEBHOOKS;
  for (const [trigger, { webhook }] of areMany ? [] : webhooks) {
    const url = webhookApi.urlOf(trigger);
    add(webhookUrlOutput(trigger), url, `Signed deliveries to it fire ${trigger}`);
    addSecret(`SetWebhookSecret${pascalCase(trigger)}`, webhook?.secret);
  }
  if (areMany) {
    add(WEBHOOK_URLS, webhookApi.urlOf('TRIGGER'), 'Signed deliveries to it fire TRIGGER');
  }
  const { functionName } = parts.command;
  add('LedgerTable', parts.ledger.name, 'One item per firing');
  add('CommandFunction', functionName, 'Takes people’s commands: npx rtt fire TRIGGER');
  add('EventBus', parts.bus.name, 'EventBridge bus: add rules to it (docs/events.md)');
  add('NotificationTopic', parts.topic.topicArn, 'SNS topic: subscribe people and chats to it');
  if (monitoring.dashboard) add('Dashboard', serviceName(service), 'CloudWatch dashboard');
  for (const [name, { logGroup }] of Object.entries(parts.functions)) {
    add(`${pascalCase(name)}LogGroup`, logGroup.logGroupName, `CloudWatch log group: ${name}`);
  }
  const { logGroupName } = webhookApi.accessLog;
  add('AccessLogGroup', logGroupName, 'CloudWatch log group: webhook requests');
  for (const [name, { queueUrl }] of Object.entries(parts.deadLetters)) {
    add(`${pascalCase(name)}DeadLetterQueue`, queueUrl, `Events that were given up: ${name}`);
  }
}
