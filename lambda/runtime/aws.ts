import type {
  BatchGetItemInput,
  BatchGetItemOutput,
  GetItemInput,
  GetItemOutput,
  PutItemInput,
  QueryInput,
  QueryOutput,
} from '@aws-sdk/client-dynamodb';
import type { PutEventsRequest, PutEventsResponse } from '@aws-sdk/client-eventbridge';
import type {
  GetSecretValueRequest,
  GetSecretValueResponse,
} from '@aws-sdk/client-secrets-manager';
import { type AwsOptions, type AwsService, awsService, objectIn, textIn } from './aws-service.ts';

/** What the ledger asks of DynamoDB (its API reference tells inputs, outputs and errors, as for all here). */
export interface DynamoDb {
  getItem(input: GetItemInput): Promise<GetItemOutput>;
  batchGetItem(input: BatchGetItemInput): Promise<BatchGetItemOutput>;
  putItem(input: PutItemInput): Promise<unknown>;
  query(input: QueryInput): Promise<QueryOutput>;
}

/** Rejects with an error that has the name of the SDK's, such as `ResourceNotFoundException`. */
export interface SecretsManager {
  getSecretValue(
    input: GetSecretValueRequest,
  ): Promise<Pick<GetSecretValueResponse, 'SecretString'>>;
}

/** An entry that is refused does not reject: `FailedEntryCount` and the entries' codes tell. */
export interface EventBridge {
  putEvents(input: PutEventsRequest): Promise<PutEventsResponse>;
}

/** Invokes functions; what they answer is not read. */
export interface Lambda {
  invoke(input: Invocation, abortSignal: AbortSignal): Promise<void>;
}

/** A repeated request may publish twice. */
export interface Sns {
  publish(input: Publication): Promise<{ readonly MessageId: string | undefined }>;
}

/** A message with a text for each protocol, as SNS's `Publish` takes it. */
export interface Publication {
  readonly TopicArn: string;
  /** ASCII. */
  readonly Subject: string;
  readonly MessageStructure: 'json';
  readonly Message: string;
  readonly MessageAttributes: Readonly<
    Record<string, { readonly DataType: string; readonly StringValue: string }>
  >;
}

interface Invocation {
  readonly FunctionName: string;
  readonly InvocationType: 'RequestResponse' | 'Event';
  /** JSON. */
  readonly Payload: string;
}

/** DynamoDB without binary attributes. */
export function dynamoDb(options?: AwsOptions): DynamoDb {
  const call = jsonService(awsService('dynamodb', options), 'DynamoDB_20120810', '1.0');
  return {
    getItem: (input) => call('GetItem', input),
    batchGetItem: (input) => call('BatchGetItem', input),
    putItem: (input) => call('PutItem', input),
    query: (input) => call('Query', input),
  };
}

/** Region, credentials and address come from the environment unless they are given. */
export function secretsManager(options?: AwsOptions): SecretsManager {
  const call = jsonService(awsService('secretsmanager', options), 'secretsmanager');
  return { getSecretValue: (input) => call('GetSecretValue', input) };
}

/** Region, credentials and address come from the environment unless they are given. */
export function eventBridge(options?: AwsOptions): EventBridge {
  const call = jsonService(awsService('events', options), 'AWSEvents');
  return {
    putEvents: ({ Entries = [] }) =>
      call('PutEvents', {
        // The protocol has times in epoch seconds.
        Entries: Entries.map(({ Time, ...entry }) => ({
          ...entry,
          ...(Time && { Time: Time.getTime() / 1_000 }),
        })),
      }),
  };
}

/** Rejects where Lambda does not take the invocation. */
export function lambda(options: AwsOptions): Lambda {
  const post = awsService('lambda', options);
  return {
    async invoke({ FunctionName, InvocationType, Payload }, abortSignal) {
      const path = `/2015-03-31/functions/${encodeURIComponent(FunctionName)}/invocations`;
      const headers = { 'x-amz-invocation-type': InvocationType };
      await post({ path, headers, body: Payload }, abortSignal);
    },
  };
}

/** Region, credentials and address come from the environment unless they are given. */
export function sns(options?: AwsOptions): Sns {
  const post = awsService('sns', options);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return {
    async publish({ MessageAttributes, ...input }) {
      const form = new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', ...input });
      for (const [index, [name, value]] of Object.entries(MessageAttributes).entries()) {
        const entry = `MessageAttributes.entry.${index + 1}`;
        form.set(`${entry}.Name`, name);
        form.set(`${entry}.Value.DataType`, value.DataType);
        form.set(`${entry}.Value.StringValue`, value.StringValue);
      }
      const answer = await post({ path: '/', headers, body: form.toString() });
      return { MessageId: textIn(answer, 'MessageId') };
    },
  };
}

/** Calls an operation by its name; the answer has the form that AWS documents. */
function jsonService(post: AwsService, target: string, version = '1.1') {
  return async (operation: string, input: object) => {
    const headers = {
      'content-type': `application/x-amz-json-${version}`,
      'x-amz-target': `${target}.${operation}`,
    };
    const answer = objectIn(await post({ path: '/', headers, body: JSON.stringify(input) }));
    if (!answer) throw new Error(`The answer to ${target}.${operation} is not a JSON object`);
    return answer;
  };
}
