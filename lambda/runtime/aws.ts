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
export type DynamoDb = ReturnType<typeof dynamoDb>;
/** Rejects with an error that has the name of the SDK's, such as `ResourceNotFoundException`. */
export type SecretsManager = ReturnType<typeof secretsManager>;
/** An entry that is refused does not reject: `FailedEntryCount` and the entries' codes tell. */
export type EventBridge = ReturnType<typeof eventBridge>;
/** Invokes functions; what they answer is not read. */
export type Lambda = ReturnType<typeof lambda>;
/** A repeated request may publish twice. */
export type Sns = ReturnType<typeof sns>;

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
export function dynamoDb(options?: AwsOptions) {
  const call = jsonService(awsService('dynamodb', options), 'DynamoDB_20120810', '1.0');
  return {
    getItem: (input: GetItemInput): Promise<GetItemOutput> => call('GetItem', input),
    batchGetItem: (input: BatchGetItemInput): Promise<BatchGetItemOutput> =>
      call('BatchGetItem', input),
    putItem: (input: PutItemInput): Promise<unknown> => call('PutItem', input),
    query: (input: QueryInput): Promise<QueryOutput> => call('Query', input),
  };
}

/** Region, credentials and address come from the environment unless they are given. */
export function secretsManager(options?: AwsOptions) {
  const call = jsonService(awsService('secretsmanager', options), 'secretsmanager');
  return {
    getSecretValue: (input: GetSecretValueRequest): Promise<GetSecretValueResponse> =>
      call('GetSecretValue', input),
  };
}

/** Region, credentials and address come from the environment unless they are given. */
export function eventBridge(options?: AwsOptions) {
  const call = jsonService(awsService('events', options), 'AWSEvents');
  return {
    putEvents: ({ Entries = [] }: PutEventsRequest): Promise<PutEventsResponse> =>
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
export function lambda(options: AwsOptions) {
  const post = awsService('lambda', options);
  return {
    async invoke(
      { FunctionName, InvocationType, Payload }: Invocation,
      abortSignal: AbortSignal,
    ): Promise<void> {
      const path = `/2015-03-31/functions/${encodeURIComponent(FunctionName)}/invocations`;
      const headers = { 'x-amz-invocation-type': InvocationType };
      await post({ path, headers, body: Payload }, abortSignal);
    },
  };
}

/** Region, credentials and address come from the environment unless they are given. */
export function sns(options?: AwsOptions) {
  const post = awsService('sns', options);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return {
    async publish({
      MessageAttributes,
      ...input
    }: Publication): Promise<{ readonly MessageId: string | undefined }> {
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
