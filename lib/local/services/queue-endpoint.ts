import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import { ACCOUNT } from '../assembly/account.ts';
import type { QueuedMessage } from '../functions/dead-letters.ts';
import { parseInput, ServiceFault, serveAwsJson } from '../server/aws-service.ts';
import type { LoopbackServer } from '../server/http-server.ts';

export interface LocalQueue {
  messages(): readonly QueuedMessage[];
  remove(id: string): void;
}

/** SQS's defaults and limits (SQS API reference, ReceiveMessage). */
const DEFAULT_VISIBILITY_SECONDS = 30;
const MOST_MESSAGES = 10;

const queueSchema = z.object({ QueueUrl: z.url() });
const receiveSchema = queueSchema.extend({
  MaxNumberOfMessages: z.int().min(1).max(MOST_MESSAGES).default(1),
  VisibilityTimeout: z.int().min(0).default(DEFAULT_VISIBILITY_SECONDS),
});
const deleteSchema = queueSchema.extend({ ReceiptHandle: z.string() });
const visibilitySchema = deleteSchema.extend({ VisibilityTimeout: z.int().min(0) });

/** The queue's address at this endpoint. */
export function queueUrl({ url }: Pick<LoopbackServer, 'url'>, name: string): string {
  return `${url}/${ACCOUNT}/${name}`;
}

/**
 * Serves what reads a queue of SQS (ReceiveMessage, DeleteMessage, ChangeMessageVisibility) to clients with this
 * access key. Long polling returns at once; a receipt handle stays valid.
 */
export function startQueueEndpoint(
  accessKeyId: string,
  queueNamed: (name: string) => LocalQueue | undefined,
  clock: Pick<Clock, 'now'>,
): Promise<LoopbackServer> {
  /** When a received message can be received again. */
  const hiddenUntil = new Map<string, number>();
  return serveAwsJson([accessKeyId], '1.0', {
    'AmazonSQS.ReceiveMessage': (input) => {
      const { QueueUrl, MaxNumberOfMessages, VisibilityTimeout } = parse(receiveSchema, input);
      const now = clock.now().getTime();
      const visible = queueAt(QueueUrl)
        .messages()
        .filter(({ id }) => (hiddenUntil.get(id) ?? 0) <= now)
        .slice(0, MaxNumberOfMessages);
      for (const { id } of visible) hiddenUntil.set(id, now + VisibilityTimeout * 1000);
      return visible.length > 0 ? { Messages: visible.map(received) } : {};
    },
    'AmazonSQS.DeleteMessage': (input) => {
      const { QueueUrl, ReceiptHandle } = parse(deleteSchema, input);
      queueAt(QueueUrl).remove(ReceiptHandle);
      return {};
    },
    'AmazonSQS.ChangeMessageVisibility': (input) => {
      const { ReceiptHandle, VisibilityTimeout } = parse(visibilitySchema, input);
      hiddenUntil.set(ReceiptHandle, clock.now().getTime() + VisibilityTimeout * 1000);
      return {};
    },
  });

  function queueAt(url: string): LocalQueue {
    const queue = queueNamed(new URL(url).pathname.split('/').at(-1) ?? '');
    if (queue) return queue;
    throw new ServiceFault('QueueDoesNotExist', `The queue ${url} does not exist`);
  }
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  return parseInput(schema, input, 'InvalidParameterValue');
}

function received({ id, body, sentAt }: QueuedMessage): object {
  return {
    MessageId: id,
    ReceiptHandle: id,
    Body: body,
    MD5OfBody: createHash('md5').update(body).digest('hex'),
    Attributes: { SentTimestamp: String(sentAt.getTime()) },
  };
}
