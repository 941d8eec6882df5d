import { createHash, createHmac } from 'node:crypto';

/**
 * The baseline: the trigger function's requests for a scheduled event, in the same order and signed alike, written
 * by hand with what Node brings. It checks and parses nothing, and remembers the API key.
 */
export type Send = (
  url: string,
  init: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
) => Promise<string>;

const { env } = process;
/** As many bytes as a firing has besides. */
export const OTHER = 'x'.repeat(1_000);
let authorization: string | undefined;

export async function executeByHand(
  event: { trigger: string; scheduledTime: string },
  send: Send,
): Promise<{ execution_id: string }> {
  const firing = `${event.trigger}:${event.scheduledTime}`;
  const place = '/run-test/3c90c3cc-0d44-4b50-8888-8dd25736052a/admission';
  const put = (id: string, state: string) =>
    aws(send, 'dynamodb', 'DynamoDB_20120810.PutItem', {
      TableName: env.LEDGER_TABLE,
      Item: { id: { S: id }, state: { S: state }, other: { S: id === firing ? OTHER : '' } },
      ConditionExpression: 'attribute_not_exists(id)',
    });
  const get = (id: string) =>
    aws(send, 'dynamodb', 'DynamoDB_20120810.GetItem', {
      TableName: env.LEDGER_TABLE,
      Key: { id: { S: id } },
      ConsistentRead: true,
    });
  const pauses = [`/${event.trigger}/admission`, '/admission'];
  const read = (ids: readonly string[]) =>
    aws(send, 'dynamodb', 'DynamoDB_20120810.BatchGetItem', {
      RequestItems: {
        [env.LEDGER_TABLE ?? '']: {
          Keys: ids.map((id) => ({ id: { S: id } })),
          ConsistentRead: true,
        },
      },
    });
  await put(firing, 'due');
  const readKey = async () => {
    const SecretId = 'run-test-trigger/api-key';
    const answer = await aws(send, 'secretsmanager', 'secretsmanager.GetSecretValue', { SecretId });
    return `Bearer ${JSON.parse(answer).SecretString}`;
  };
  const [key] = await Promise.all([authorization ?? readKey(), read([...pauses, place])]);
  authorization = key;
  const runTest = `${env.API_BASE_URL}/simulate/run-tests/3c90c3cc-0d44-4b50-8888-8dd25736052a`;
  const list = `${runTest}/executions/?page=1&limit=25`;
  await Promise.all([send(list, { method: 'GET', headers: { authorization } }), get(firing)]);
  await put(place, 'held');
  await put(firing, 'sending');
  await read(pauses);
  const answer = await send(`${runTest}/execute/`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ selectAll: true, scenarioIds: [] }),
  });
  const { execution_id } = JSON.parse(answer);
  await put(`/execution/${execution_id}`, 'owned');
  await put(firing, 'started');
  console.info({ event: 'execution_started', execution_id });
  return { execution_id };
}

/** AWS Signature Version 4. */
function aws(send: Send, service: string, target: string, input: object): Promise<string> {
  const url = new URL(env.AWS_ENDPOINT_URL ?? '');
  const body = JSON.stringify(input);
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const signed = {
    'content-type': 'application/x-amz-json-1.1',
    host: url.host,
    'x-amz-date': time,
    'x-amz-security-token': env.AWS_SESSION_TOKEN ?? '',
    'x-amz-target': target,
  };
  const names = Object.keys(signed).join(';');
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `POST\n/\n\n${lines.join('')}\n${names}\n${sha256(body)}`;
  const scope = `${time.slice(0, 8)}/${env.AWS_REGION}/${service}/aws4_request`;
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${env.AWS_SECRET_ACCESS_KEY}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`);
  const { host: _, ...headers } = signed;
  const credential = `Credential=${env.AWS_ACCESS_KEY_ID}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature.toString('hex')}`;
  return send(url.href, { method: 'POST', headers: { ...headers, authorization }, body });
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
