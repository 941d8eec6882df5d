import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { parseJson } from '../../lambda/api/json.ts';
import { InputError } from '../input-error.ts';
import { FunctionFailedError, invoke } from './invoke.ts';
import type { Target } from './target.ts';

/** What became of a message. Only one that succeeded, or that nobody wants, leaves the queue. */
export type Redriven =
  | { readonly kind: 'done'; readonly event: unknown; readonly answer: unknown }
  | { readonly kind: 'discarded'; readonly event: unknown }
  | { readonly kind: 'failed'; readonly event: unknown; readonly reason: string };

/** Longer than any function runs, so that no other redrive receives the message in the meantime. */
const HIDDEN_SECONDS = 180;
const MOST_AT_ONCE = 10;

/**
 * Gives every message of a dead-letter queue back to the function that it was meant for, one after the other. An
 * event that has been dealt with already is a duplicate, which the ledger makes harmless.
 */
export function redrive(target: Target, queueUrl: string): AsyncGenerator<Redriven> {
  return drain(target, queueUrl, (message) => take(target, message));
}

/** Removes every message of a dead-letter queue and invokes nothing. */
export function discard(target: Target, queueUrl: string): AsyncGenerator<Redriven> {
  return drain(target, queueUrl, async (message) => ({
    kind: 'discarded',
    event: eventIn(message).event,
  }));
}

/**
 * Each message once: SQS gives a message that failed again when the time is over for which it is hidden, and a queue in
 * which everything fails would never be empty.
 */
async function* drain(
  target: Target,
  queueUrl: string,
  deal: (message: Message) => Promise<Redriven>,
): AsyncGenerator<Redriven> {
  const client = new SQSClient(target.client('sqs'));
  const queue = { QueueUrl: queueUrl };
  /** The messages that stay, as they were received last. */
  const kept = new Map<string | undefined, Message>();
  try {
    // Each receipt that brings nothing new hides one of them at least: after so many, nothing new is left.
    for (let stale = 0; stale <= kept.size; stale += 1) {
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({
          ...queue,
          MaxNumberOfMessages: MOST_AT_ONCE,
          VisibilityTimeout: HIDDEN_SECONDS,
          // Asks every server of the queue, not only some of them.
          WaitTimeSeconds: 1,
          MessageAttributeNames: ['TARGET_ARN', 'SCHEDULED_TIME'],
        }),
      );
      const fresh = messages.filter(({ MessageId }) => !kept.has(MessageId));
      for (const message of messages) {
        if (kept.has(message.MessageId)) kept.set(message.MessageId, message);
      }
      if (messages.length === 0) return;
      if (fresh.length > 0) stale = 0;
      for (const message of fresh) {
        const result = await deal(message);
        if (result.kind === 'failed') kept.set(message.MessageId, message);
        else await client.send(new DeleteMessageCommand({ ...queue, ...handleOf(message) }));
        yield result;
      }
    }
  } finally {
    for (const message of kept.values()) {
      // Can be taken up again at once.
      const visible = { ...queue, ...handleOf(message), VisibilityTimeout: 0 };
      await client.send(new ChangeMessageVisibilityCommand(visible));
    }
    client.destroy();
  }
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
  // The records of asynchronous invocations end the ARN with a version.
  if (!functions.includes(functionName.split(':').slice(0, 7).join(':'))) {
    const reason = `It names ${functionName}, which is not a function of this stack: remove it from the queue if you do not know it`;
    return { kind: 'failed', event, reason };
  }
  try {
    return { kind: 'done', event, answer: JSON.parse(await invoke(target, functionName, event)) };
  } catch (error) {
    if (error instanceof FunctionFailedError || error instanceof InputError) {
      return { kind: 'failed', event, reason: error.message };
    }
    throw error;
  }
}

/** Lambda, "Retaining records of asynchronous invocations": the record that a failed invocation leaves. */
const recordSchema = z.object({
  requestContext: z.object({ functionArn: z.string() }),
  requestPayload: z.unknown(),
});

/** What a schedule's input has until EventBridge Scheduler replaces it. */
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/** EventBridge Scheduler leaves the event itself, with or without its time, and the function and the time in attributes. */
function eventIn({ Body = '', MessageAttributes = {} }: Message): {
  readonly event: unknown;
  readonly functionName?: string | undefined;
} {
  const time = MessageAttributes.SCHEDULED_TIME?.StringValue ?? SCHEDULED_TIME;
  const text = Body.replaceAll(SCHEDULED_TIME, time);
  // The text itself where it is not JSON.
  const body = parseJson(text) ?? text;
  const { data: record } = recordSchema.safeParse(body);
  if (!record) return { event: body, functionName: MessageAttributes.TARGET_ARN?.StringValue };
  const { requestPayload: event, requestContext } = record;
  return { event, functionName: requestContext.functionArn };
}
