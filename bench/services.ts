import { once } from 'node:events';
import { createServer } from 'node:http';

/** Secrets Manager, DynamoDB and the API with no work behind them, so that the clients' work is what is measured. */
const server = createServer((request, response) => {
  const target = String(request.headers['x-amz-target']);
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answerTo(target, request.url ?? '')));
  });
}).listen(0, '127.0.0.1');

function answerTo(target: string, path: string): object {
  if (target.endsWith('GetSecretValue')) return { SecretString: 'bench-key' };
  if (target.startsWith('DynamoDB')) return {};
  if (path.includes('/executions/')) return { count: 0, results: [], total_pages: 1 };
  return { execution_id: 'e-1', status: 'PENDING', total_scenarios: 1, total_calls: 1 };
}

await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('Not listening on TCP');
process.send?.(address.port);
