import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { parseJson } from '../../lambda/api/json.ts';
import { FunctionFailedError, invoke } from './invoke.ts';
import type { Target } from './target.ts';

/** What became of a message that was taken up again. Only one that succeeded leaves the queue. */
export type Redriven =
  | { readonly kind: 'done'; readonly event: unknown; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly event: unknown; readonly reason: string };

/** Longer than any function runs, so that no other redrive receives the message in the meantime. */
const HIDDEN_SECONDS = 180;
const MOST_AT_ONCE = 10;

/**
 * Gives every message of a dead-letter queue back to the function that it was meant for, one after the other. An
 * event that has been dealt with already is a duplicate, which the ledger makes harmless.
 */
export async function* redrive(target: Target, queueUrl: string): AsyncGenerator<Redriven> {
  const client = new SQSClient(target.client('sqs'));
  const kept: Message[] = [];
  try {
    for (;;) {
      const messages = await receive(client, queueUrl);
      if (messages.length === 0) return;
      for (const message of messages) {
        const result = await take(target, message);
        if (result.kind === 'failed') kept.push(message);
        else
          await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ...handleOf(message) }));
        yield result;
      }
    }
  } finally {
    for (const message of kept) await release(client, queueUrl, message);
    client.destroy();
  }
}

async function receive(client: SQSClient, queueUrl: string): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: MOST_AT_ONCE,
      VisibilityTimeout: HIDDEN_SECONDS,
      // Asks every server of the queue, not only some of them.
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['TARGET_ARN'],
    }),
  );
  return Messages;
}

/** Can be taken up again at once. */
async function release(client: SQSClient, queueUrl: string, message: Message): Promise<void> {
  await client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      VisibilityTimeout: 0,
      ...handleOf(message),
    }),
  );
}

function handleOf({ ReceiptHandle }: Message): { ReceiptHandle: string } {
  if (ReceiptHandle === undefined) throw new Error('SQS gave a message without a receipt handle');
  return { ReceiptHandle };
}

async function take(target: Target, message: Message): Promise<Redriven> {
  const { event, functionName = target.commandFunction } = eventIn(message);
  if (typeof event !== 'object' || event === null) {
    return { kind: 'failed', event, reason: 'It is not an event' };
  }
  // Whoever can send to the queue must not choose what a person's credentials invoke.
  const functions = [target.commandFunction, ...(await target.functions())];
  if (!functions.includes(unqualified(functionName))) {
    const reason = `It names ${functionName}, which is not a function of this stack: remove it from the queue if you do not know it`;
    return { kind: 'failed', event, reason };
  }
  try {
    return { kind: 'done', event, answer: JSON.parse(await invoke(target, functionName, event)) };
  } catch (error) {
    if (!(error instanceof FunctionFailedError)) throw error;
    return { kind: 'failed', event, reason: error.message };
  }
}

/** The records of asynchronous invocations end the ARN with a version. */
function unqualified(functionArn: string): string {
  return functionArn.split(':').slice(0, 7).join(':');
}

/** Lambda, "Retaining records of asynchronous invocations": the record that a failed invocation leaves. */
const recordSchema = z.object({
  requestContext: z.object({ functionArn: z.string() }),
  requestPayload: z.unknown(),
});

/** EventBridge Scheduler leaves the event itself, and the function in an attribute. */
function eventIn({ Body = '', MessageAttributes }: Message): {
  readonly event: unknown;
  readonly functionName?: string | undefined;
} {
  // The text itself where it is not JSON.
  const body = parseJson(Body) ?? Body;
  const { data: record } = recordSchema.safeParse(body);
  if (!record) return { event: body, functionName: MessageAttributes?.TARGET_ARN?.StringValue };
  const { requestPayload: event, requestContext } = record;
  return { event, functionName: requestContext.functionArn };
}
