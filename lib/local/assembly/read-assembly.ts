import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { readFunctions } from './assembly-functions.ts';
import { readRoutes } from './assembly-routes.ts';
import { readBuses, readRules } from './assembly-rules.ts';
import { readSchedules } from './assembly-schedules.ts';
import { readTemplates, type Template } from './template.ts';

/** Read by one of the readers above. */
const IMITATED = [
  'AWS::CloudFormation::Stack',
  'AWS::Lambda::Function',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Scheduler::Schedule',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::DynamoDB::Table',
  // A dead-letter queue, whose messages are kept in .local/dead-letters.jsonl.
  'AWS::SQS::Queue',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
];

/** Permissions, observation and names of things: without effect on what the functions do on one machine. */
const WITHOUT_MEANING_HERE = [
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  // Messages go to .local/notifications.jsonl and the terminal, not to the topic's subscribers.
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::ScheduleGroup',
];

/**
 * Reads a cloud assembly's template. Throws with the type and logical id of each resource that the local run
 * neither imitates nor can leave out.
 */
export function readAssembly(templateFile: string, stackName: string) {
  const all = readTemplates(templateFile, stackName);
  const [template] = all;
  all.forEach(refuseUnknownTypes);
  return {
    functions: readFunctions(template),
    schedules: all.flatMap(readSchedules),
    routes: readRoutes(template),
    tables: readTables(template),
    queues: template
      .read('AWS::SQS::Queue', z.unknown())
      .map(({ resource }) => ({ name: template.nameOf(resource), arn: template.arnOf(resource) })),
    buses: [...new Set(all.flatMap(readBuses))],
    rules: all.flatMap(readRules),
  };
}

function refuseUnknownTypes({ others }: Template): void {
  const unknown = others([...IMITATED, ...WITHOUT_MEANING_HERE]);
  if (unknown.length === 0) return;
  const list = unknown.map(({ type, logicalId }) => `${type} ${logicalId}`).join(', ');
  throw new Error(
    `The local run cannot imitate ${list}: add it to lib/local/assembly/read-assembly.ts`,
  );
}

const keySchema = z.array(
  z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }),
);
const tableSchema = z.object({
  KeySchema: keySchema,
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  GlobalSecondaryIndexes: z.exactOptional(
    z.array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.exactOptional(z.array(z.string())),
        }),
      }),
    ),
  ),
  LocalSecondaryIndexes: z.exactOptional(z.never()),
  StreamSpecification: z.exactOptional(z.never()),
});

/** The requests that create the stack's tables. Expired items stay: nothing here imitates DynamoDB's TTL. */
function readTables(template: Template): CreateTableCommandInput[] {
  return template.read('AWS::DynamoDB::Table', tableSchema).map(({ resource, properties }) => ({
    TableName: template.nameOf(resource),
    BillingMode: 'PAY_PER_REQUEST',
    ...properties,
  }));
}
