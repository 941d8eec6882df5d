import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import { ACCOUNT } from '../assembly/account.ts';
import type { Assembly } from '../assembly/assembly.ts';
import type { DeadLetters, QueuedMessage } from '../functions/dead-letters.ts';
import { parseInput, ServiceFault, serveAwsJson } from '../server/aws-service.ts';
import type { LoopbackServer } from '../server/http-server.ts';
import { type InvokeByName, startLambdaEndpoint } from './lambda-endpoint.ts';

/** Starts what only the command line talks to, as it would to AWS, for clients with this access key. `stack` is the one that runs now. */
export async function startOperatorEndpoints(
  accessKeyId: string,
  stack: () => Pick<Assembly, 'functions' | 'queues'>,
  {
    invoke,
    deadLetters,
    clock,
  }: { readonly invoke: InvokeByName; readonly deadLetters: DeadLetters; readonly clock: Clock },
) {
  const lambda = await startLambdaEndpoint(accessKeyId, invoke);
  const sqs = await startQueueEndpoint(accessKeyId, queueNamed, clock);
  return {
    lambda,
    sqs,
    queueUrls: ({ queues }: Pick<Assembly, 'queues'>) =>
      queues.map(({ name }) => queueUrl(sqs, name)),
    async stop() {
      await Promise.all([lambda.stop(), sqs.stop()]);
    },
  };

  /** The letters of the functions whose on-failure destination it is. */
  function queueNamed(asked: string): LocalQueue | undefined {
    const { functions, queues } = stack();
    const queue = queues.find(({ name }) => name === asked);
    const senders = functions.filter(({ asynchronous }) => asynchronous.onFailure === queue?.arn);
    return (
      queue && {
        messages: () => senders.flatMap((sender) => deadLetters.of(sender.arn)),
        remove: deadLetters.remove,
      }
    );
  }
}

interface LocalQueue {
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
function startQueueEndpoint(
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
