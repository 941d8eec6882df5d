import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Server } from 'node:net';

/** An execution as the documented list shows it. */
export interface RemoteExecution {
  readonly id: string;
  status: string;
  total_calls?: number;
  completed_calls?: number;
  failed_calls?: number;
  readonly started_at: string;
  readonly scenario_ids: readonly string[];
}

/** An execute request as the server received it. */
interface ReceivedPost {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** How the server treats an execute request; `create` is the moment at which money is spent. */
export type Treatment = (exchange: {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly post: ReceivedPost;
  create(): RemoteExecution;
}) => void;

/** The execute request treated well: created and answered as documented. */
export const well: Treatment = ({ response, create }) => {
  json(response, 200, startedBody(create()));
};

/** A real server over real sockets that can be told to treat execute requests badly. */
export interface RemoteApi {
  url: string;
  readonly executions: RemoteExecution[];
  readonly posts: ReceivedPost[];
  /** Ids of the executions that were asked to be cancelled. */
  readonly cancelled: string[];
  /** Of every run test; undefined answers 404. */
  scenarios: readonly { readonly id: string; readonly name: string }[] | undefined;
  /** Requests for anything but the two endpoints, such as a followed redirect. */
  readonly strays: string[];
  treatment: Treatment;
  /** Asked at each request for the list: a status to answer with instead of it. */
  listStatus: () => number | undefined;
  stop(): Promise<void>;
}

const SCENARIOS = [
  { id: '5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5', name: 'Refund' },
  { id: 'f3a3b7b7-6b0c-4d3a-8a50-0a4f8b2b7a11', name: 'Upgrade' },
];

export interface RemoteApiOptions {
  readonly now: () => Date;
  /** Given, the server that listens; a TLS server for instance. */
  readonly server?: (listener: RequestListener) => Server;
}

export async function startRemoteApi({
  now,
  server = createServer,
}: RemoteApiOptions): Promise<RemoteApi> {
  const sockets = new Set<IncomingMessage['socket']>();
  const api: RemoteApi = {
    url: '',
    executions: [],
    posts: [],
    cancelled: [],
    scenarios: SCENARIOS,
    strays: [],
    treatment: well,
    listStatus: () => undefined,
    stop: () =>
      new Promise((resolve) => {
        listening.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  const listening = server(async (request, response) => {
    response.setHeader('date', now().toUTCString());
    const path = request.url ?? '';
    if (request.method === 'POST' && path.endsWith('/execute/'))
      return execute(api, request, response, now);
    if (request.method === 'GET' && path.includes('/executions/?'))
      return list(api, path, response);
    if (answerLookUp(api, `${request.method} ${path}`, response)) return;
    api.strays.push(`${request.method} ${path}`);
    json(response, 404, {});
  }).listen(0, '127.0.0.1');
  listening.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  await once(listening, 'listening');
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  api.url = `http://127.0.0.1:${address.port}`;
  return api;
}

export function json(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

export function startedBody({ id, scenario_ids }: RemoteExecution) {
  return {
    message: 'Test execution started successfully',
    execution_id: id,
    status: 'PENDING',
    total_scenarios: 2,
    total_calls: 4,
    scenario_ids,
  };
}

/** A person starts the run test beside the service, with so many of its scenarios; the execution's id. */
export function startByPerson(api: RemoteApi, now: Date, scenarios = SCENARIOS.length): string {
  const id = randomUUID();
  const scenario_ids = SCENARIOS.slice(0, scenarios).map((each) => each.id);
  api.executions.unshift({ id, status: 'RUNNING', started_at: now.toISOString(), scenario_ids });
  return id;
}

/** Cancelling, the status of an execution and the scenarios of a run test. */
function answerLookUp(api: RemoteApi, line: string, response: ServerResponse): boolean {
  const [, verb, id = '', rest] =
    /^(GET|POST) \/simulate\/test-executions\/([^/]+)\/(cancel\/)?$/.exec(line) ?? [];
  const execution = api.executions.find((each) => each.id === id);
  if (execution && verb === 'POST' && rest) {
    api.cancelled.push(id);
    json(response, 200, { success: true });
    return true;
  }
  if (execution && verb === 'GET') {
    json(response, 200, execution);
    return true;
  }
  if (!api.scenarios || !/^GET .*\/scenarios\/\?/.test(line)) return false;
  json(response, 200, { results: api.scenarios, total_pages: 1 });
  return true;
}

async function execute(
  api: RemoteApi,
  request: IncomingMessage,
  response: ServerResponse,
  now: () => Date,
) {
  const { url: path = '', headers } = request;
  const treatment = api.treatment;
  const body = Buffer.concat(await Array.fromAsync(request)).toString();
  const post = { path, headers, body };
  api.posts.push(post);
  response.setHeader('date', now().toUTCString());
  const create = () => {
    const execution = {
      id: randomUUID(),
      status: 'RUNNING',
      started_at: now().toISOString(),
      scenario_ids: SCENARIOS.map(({ id }) => id),
    };
    api.executions.unshift(execution);
    return execution;
  };
  treatment({ request, response, post, create });
}

function list(api: RemoteApi, path: string, response: ServerResponse): unknown {
  const status = api.listStatus();
  if (status !== undefined) return json(response, status, {});
  const query = new URL(path, api.url).searchParams;
  const [page, limit] = [Number(query.get('page')), Number(query.get('limit'))];
  const total = Math.max(1, Math.ceil(api.executions.length / limit));
  if (page > total) return json(response, 500, { message: 'past the last page' });
  const results = api.executions.slice((page - 1) * limit, page * limit);
  return json(response, 200, {
    count: api.executions.length,
    results,
    total_pages: total,
    current_page: page,
  });
}
