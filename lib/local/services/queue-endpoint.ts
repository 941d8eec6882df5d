import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import { ACCOUNT } from '../assembly/account.ts';
import type { QueuedMessage } from '../functions/dead-letters.ts';
import { type LoopbackServer, readBody, sendJson, serveLoopback } from '../server/http-server.ts';
import { isSignedWith } from './access-key.ts';

/** A queue that somebody else fills. */
export interface LocalQueue {
  messages(): readonly QueuedMessage[];
  remove(id: string): void;
}

const BODY_LIMIT_BYTES = 262_144;
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
 * Serves what reads a queue of SQS (AWS JSON 1.0): ReceiveMessage, DeleteMessage, ChangeMessageVisibility, to
 * clients with this access key. Long polling returns at once; a receipt handle is good for ever.
 */
export function startQueueEndpoint(
  accessKeyId: string,
  queues: ReadonlyMap<string, LocalQueue>,
  clock: Pick<Clock, 'now'>,
): Promise<LoopbackServer> {
  /** When a received message can be received again. */
  const hiddenUntil = new Map<string, number>();
  const operations: Readonly<Record<string, (body: unknown) => object>> = {
    ReceiveMessage(body) {
      const { QueueUrl, MaxNumberOfMessages, VisibilityTimeout } = receiveSchema.parse(body);
      const now = clock.now().getTime();
      const visible = queueAt(QueueUrl)
        .messages()
        .filter(({ id }) => (hiddenUntil.get(id) ?? 0) <= now)
        .slice(0, MaxNumberOfMessages);
      for (const { id } of visible) hiddenUntil.set(id, now + VisibilityTimeout * 1000);
      return visible.length > 0 ? { Messages: visible.map(received) } : {};
    },
    DeleteMessage(body) {
      const { QueueUrl, ReceiptHandle } = deleteSchema.parse(body);
      queueAt(QueueUrl).remove(ReceiptHandle);
      return {};
    },
    ChangeMessageVisibility(body) {
      const { ReceiptHandle, VisibilityTimeout } = visibilitySchema.parse(body);
      hiddenUntil.set(ReceiptHandle, clock.now().getTime() + VisibilityTimeout * 1000);
      return {};
    },
  };

  return serveLoopback(async (request, response) => {
    if (!isSignedWith(accessKeyId, request)) {
      return fail(response, 'UnrecognizedClientException', 'The security token is invalid.');
    }
    const target = String(request.headers['x-amz-target']);
    const operation = operations[target.replace(/^AmazonSQS\./, '')];
    if (!operation) {
      const known = Object.keys(operations).join(', ');
      return fail(response, 'UnsupportedOperation', `Only ${known} are imitated, not ${target}`);
    }
    try {
      sendJson(response, 200, operation(await json(request)), CONTENT_TYPE);
    } catch (error) {
      const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      fail(response, 'InvalidParameterValue', message);
    }
  });

  function queueAt(url: string): LocalQueue {
    const queue = queues.get(new URL(url).pathname.split('/').at(-1) ?? '');
    if (!queue) throw new Error(`The queue ${url} does not exist`);
    return queue;
  }
}

const CONTENT_TYPE = { 'content-type': 'application/x-amz-json-1.0' };

async function json(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, BODY_LIMIT_BYTES);
  return JSON.parse(body.toString('utf8'));
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

function fail(response: ServerResponse, type: string, message: string): void {
  sendJson(response, 400, { __type: `com.amazonaws.sqs#${type}`, message }, CONTENT_TYPE);
}
