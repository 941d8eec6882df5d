import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { OTHER } from './by-hand.ts';

const ledger = new DynamoDBClient();
const secrets = new SecretsManagerClient();
const TableName = process.env.LEDGER_TABLE;
let authorization: string | undefined;

/** The same requests with the AWS SDK as it comes, and `fetch`: how such a function is usually written. */
export async function handler(event: { trigger: string; scheduledTime: string }) {
  const firing = `${event.trigger}:${event.scheduledTime}`;
  const place = '/run-test/3c90c3cc-0d44-4b50-8888-8dd25736052a/admission';
  const put = (id: string, state: string) =>
    ledger.send(
      new PutItemCommand({
        TableName,
        Item: { id: { S: id }, state: { S: state }, other: { S: id === firing ? OTHER : '' } },
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    );
  const get = (id: string) =>
    ledger.send(new GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true }));
  const pauses = [`/${event.trigger}/admission`, '/admission'];
  const read = (ids: readonly string[]) => {
    const Keys = ids.map((id) => ({ id: { S: id } }));
    const RequestItems = { [TableName ?? '']: { Keys, ConsistentRead: true } };
    return ledger.send(new BatchGetItemCommand({ RequestItems }));
  };
  await put(firing, 'due');
  const readKey = async () => {
    const command = new GetSecretValueCommand({ SecretId: 'run-test-trigger/api-key' });
    return `Bearer ${(await secrets.send(command)).SecretString}`;
  };
  const [key] = await Promise.all([authorization ?? readKey(), read([...pauses, place])]);
  authorization = key;
  const runTest = `${process.env.API_BASE_URL}/simulate/run-tests/3c90c3cc-0d44-4b50-8888-8dd25736052a`;
  const readList = async () => {
    const list = `${runTest}/executions/?page=1&limit=25`;
    return (await fetch(list, { headers: { authorization: key } })).json();
  };
  await Promise.all([readList(), get(firing)]);
  await put(place, 'held');
  await put(firing, 'sending');
  await read(pauses);
  const answer = await fetch(`${runTest}/execute/`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ selectAll: true, scenarioIds: [] }),
  });
  const { execution_id } = JSON.parse(await answer.text());
  await put(`/execution/${execution_id}`, 'owned');
  await put(firing, 'started');
  console.info({ event: 'execution_started', execution_id });
  return { execution_id };
}
