import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';

/** AWS and the API with no work behind them, so that the clients' work is what is measured. */
const answer: RequestListener = async (request, response) => {
  const target = String(request.headers['x-amz-target'] ?? '');
  const body = Buffer.concat(await Array.fromAsync(request)).toString();
  if (body.startsWith('Action=Publish') || body.includes('&Action=Publish')) {
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(PUBLISHED);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answerTo(target, request.url ?? '', body)));
};

const PUBLISHED =
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>';

/** Firings by id: what was put, and the one that is there from the start. Everything else is always new. */
const firings = new Map<string, object>();
const { FIRING } = process.env;
if (FIRING) firings.set(JSON.parse(FIRING).id.S, JSON.parse(FIRING));

function answerTo(target: string, path: string, body: string): object {
  if (target.endsWith('GetSecretValue')) return { SecretString: 'benchKey0123456789abcdefghij' };
  if (target.endsWith('PutItem')) {
    const { Item } = JSON.parse(body);
    if (!Item.id.S.startsWith('/')) firings.set(Item.id.S, Item);
    return {};
  }
  if (target.endsWith('BatchGetItem')) return { Responses: {}, UnprocessedKeys: {} };
  if (target.endsWith('GetItem')) {
    const Item = firings.get(JSON.parse(body).Key.id.S);
    return Item ? { Item } : {};
  }
  if (target.endsWith('Query')) return { Items: [], Count: 0, ScannedCount: 0 };
  if (path.includes('/executions/')) return { count: 0, results: [], total_pages: 1 };
  return { execution_id: 'e-1', status: 'PENDING', total_scenarios: 1, total_calls: 1 };
}

async function portOf(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not listening on TCP');
  return address.port;
}

const { KEY = '', CERTIFICATE = '' } = process.env;
const tls = createTlsServer({ key: readFileSync(KEY), cert: readFileSync(CERTIFICATE) }, answer);
process.send?.({
  http: `http://127.0.0.1:${await portOf(createServer(answer))}`,
  https: `https://127.0.0.1:${await portOf(tls)}`,
});
// The process that started it is gone.
process.on('disconnect', () => process.exit());
