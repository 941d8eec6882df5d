import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { serveAwsJson } from '../../lib/local/server/aws-service.ts';
import { startLambdaEndpoint } from '../../lib/local/services/lambda-endpoint.ts';
import { queueUrl } from '../../lib/local/services/operator-endpoints.ts';
import { discard, redrive } from '../../lib/target/dead-letter-queue.ts';
import type { Target } from '../../lib/target/target.ts';

const OWN = 'arn:aws:lambda:eu-central-1:111122223333:function:sweep';
const EVENT = { trigger: 'nightly' };

/** The record that a failed invocation of this function leaves. */
const letterOf = (functionArn: string): Letter => ({
  body: JSON.stringify({ requestContext: { functionArn }, requestPayload: EVENT }),
});

interface Letter {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

interface QueueOptions {
  readonly deal?: typeof redrive;
  /** Whether the functions fail. */
  readonly fails?: boolean;
  /** What they answer otherwise. */
  readonly payload?: string;
  /** Whether what was received can be received again at once: the time for which it is hidden is over. */
  readonly reappears?: boolean;
}

/** What becomes of these messages of a queue, and which functions are invoked. */
async function dealWith(
  letters: readonly Letter[],
  { deal = redrive, fails = false, payload = '{}', reappears = false }: QueueOptions = {},
) {
  const left = new Map(letters.map((letter, index) => [String(index), letter]));
  const hidden = new Set<string>();
  const invoked: string[] = [];
  const events: unknown[] = [];
  const lambda = await startLambdaEndpoint('LOCALA', async (name, event) => {
    invoked.push(name);
    events.push(JSON.parse(event));
    return fails
      ? { ok: false, error: { errorType: 'Error', errorMessage: 'No table', trace: [] } }
      : { ok: true, payload };
  });
  const handleSchema = z.object({ ReceiptHandle: z.string() });
  const sqs = await serveAwsJson(['LOCALA'], '1.0', {
    'AmazonSQS.ReceiveMessage': () => {
      const received = [...left].filter(([id]) => reappears || !hidden.has(id)).slice(0, 10);
      for (const [id, letter] of received) {
        hidden.add(id);
        left.delete(id);
        left.set(id, letter);
      }
      return { Messages: received.map(([id, letter]) => message(id, letter)) };
    },
    'AmazonSQS.DeleteMessage': (input) => {
      left.delete(handleSchema.parse(input).ReceiptHandle);
      return {};
    },
    'AmazonSQS.ChangeMessageVisibility': (input) => {
      hidden.delete(handleSchema.parse(input).ReceiptHandle);
      return {};
    },
  });
  onTestFinished(async () => {
    await Promise.all([lambda.stop(), sqs.stop()]);
  });
  const url = queueUrl(sqs, 'letters');
  const target: Target = {
    kind: 'local',
    name: 'test',
    isStandIn: true,
    commandFunction: 'trigger',
    webhookUrl: (trigger) => `https://hooks.example/${trigger}`,
    functions: async () => [OWN],
    ledgerTable: 'ledger',
    logs: { kind: 'groups', groups: {} },
    tags: [],
    deadLetterQueues: [url],
    client: (service) => ({
      region: 'eu-central-1',
      endpoint: service === 'sqs' ? sqs.url : lambda.url,
      credentials: { accessKeyId: 'LOCALA', secretAccessKey: 'any' },
    }),
  };
  const results = await Array.fromAsync(deal(target, url));
  return { results, invoked, events, left: left.size, hidden: hidden.size };
}

function message(id: string, { body, attributes = {} }: Letter): object {
  return {
    MessageId: id,
    ReceiptHandle: id,
    Body: body,
    MD5OfBody: createHash('md5').update(body).digest('hex'),
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [
        name,
        { DataType: 'String', StringValue },
      ]),
    ),
  };
}

test.each([OWN, `${OWN}:$LATEST`])('a letter of %s goes back to its function', async (arn) => {
  expect(await dealWith([letterOf(arn)])).toEqual({
    results: [{ kind: 'done', event: EVENT, answer: {} }],
    invoked: [arn],
    events: [EVENT],
    left: 0,
    hidden: 1,
  });
});

test.each([
  OWN.replace('sweep', 'delete-everything'),
  OWN.replace('111122223333', '444455556666'),
  OWN.replace('eu-central-1', 'us-east-1'),
])('a letter that names %s invokes nothing and stays', async (arn) => {
  expect(await dealWith([letterOf(arn)])).toEqual({
    results: [
      {
        kind: 'failed',
        event: EVENT,
        reason: `It names ${arn}, which is not a function of this stack: remove it from the queue if you do not know it`,
      },
    ],
    invoked: [],
    events: [],
    left: 1,
    hidden: 0,
  });
});

test.each([false, true])(
  'more letters than are received at once, which fail again, are tried once each (hidden no longer: %s)',
  async (reappears) => {
    const letters = Array(12).fill(letterOf(OWN));
    const { results, invoked, left, hidden } = await dealWith(letters, { fails: true, reappears });
    expect(results.map(({ kind }) => kind)).toEqual(Array(12).fill('failed'));
    expect(invoked).toHaveLength(12);
    expect({ left, hidden }).toEqual({ left: 12, hidden: 0 });
  },
);

test('a letter that its function refuses stays, and the ones after it are tried', async () => {
  const payload = '{"refused":"No trigger \\"nightly\\" is deployed"}';
  const { results, left } = await dealWith([letterOf(OWN), letterOf(OWN)], { payload });
  const refused = {
    kind: 'failed',
    event: EVENT,
    reason: 'No trigger "nightly" is deployed',
  };
  expect({ results, left }).toEqual({ results: [refused, refused], left: 2 });
});

const PLACEHOLDER = '<aws.scheduler.scheduled-time>';
const TIME = '2026-11-24T02:00:00Z';

test.each([
  ['replaced', TIME],
  ['left as it was', PLACEHOLDER],
])(
  'a letter of EventBridge Scheduler is understood with its placeholder %s',
  async (_, written) => {
    const letter = {
      body: JSON.stringify({ trigger: 'nightly', schedule: 'early', scheduledTime: written }),
      attributes: { TARGET_ARN: OWN, SCHEDULED_TIME: TIME },
    };
    const { invoked, events, left } = await dealWith([letter]);
    expect({ invoked, events, left }).toEqual({
      invoked: [OWN],
      events: [{ trigger: 'nightly', schedule: 'early', scheduledTime: TIME }],
      left: 0,
    });
  },
);

test('what nobody wants is removed, and nothing is invoked', async () => {
  const letters = [letterOf(OWN), { body: 'no JSON' }];
  expect(await dealWith(letters, { deal: discard })).toEqual({
    results: [
      { kind: 'discarded', event: EVENT },
      { kind: 'discarded', event: 'no JSON' },
    ],
    invoked: [],
    events: [],
    left: 0,
    hidden: 2,
  });
});
