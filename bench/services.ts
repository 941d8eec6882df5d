import { once } from 'node:events';
import { createServer } from 'node:http';

/** Secrets Manager, DynamoDB and the API with no work behind them, so that the clients' work is what is measured. */
const server = createServer(async (request, response) => {
  const target = String(request.headers['x-amz-target']);
  const body = Buffer.concat(await Array.fromAsync(request)).toString();
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answerTo(target, request.url ?? '', body)));
}).listen(0, '127.0.0.1');

/** The item that was put last: a firing is read again before its place is taken. Gates are always new. */
let firing: { id: { S: string } } | undefined;

function answerTo(target: string, path: string, body: string): object {
  if (target.endsWith('GetSecretValue')) return { SecretString: 'bench-key' };
  if (target.endsWith('PutItem')) {
    const { Item } = JSON.parse(body);
    if (!Item.id.S.startsWith('/')) firing = Item;
    return {};
  }
  if (target.endsWith('GetItem')) {
    const isFiring = JSON.parse(body).Key.id.S === firing?.id.S;
    return isFiring ? { Item: firing } : {};
  }
  if (path.includes('/executions/')) return { count: 0, results: [], total_pages: 1 };
  return { execution_id: 'e-1', status: 'PENDING', total_scenarios: 1, total_calls: 1 };
}

await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('Not listening on TCP');
process.send?.(address.port);
