import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import { type LoopbackServer, readBody, sendJson, serveLoopback } from '../server/http-server.ts';
import { isAuthorised } from './stand-in-dialect.ts';
import {
  type Course,
  openExecutions,
  type Scenario,
  type StartedExecution,
} from './stand-in-executions.ts';
import { answerTo } from './stand-in-operations.ts';
import {
  errorBody,
  type NamedRunTest,
  type ServerDialect,
  type StandInAnswer,
} from './stand-in-request.ts';

/** A server that keeps one of the contracts of the Future AGI run-test API; the documented one by itself. */
export interface StandInApi extends LoopbackServer {
  /** What it was sent, oldest first; the oldest are forgotten. */
  readonly received: readonly ReturnType<typeof record>[];
}

/** Read at each request. */
export interface StandInOptions {
  readonly runTests: ReadonlyMap<string, readonly Scenario[]>;
  /** Run tests that can be found by name. */
  readonly namedRunTests?: readonly NamedRunTest[];
  /** Absent: the documented one. */
  readonly server?: ServerDialect;
  /** The secret with the one valid key, as the functions read it; asked at each request, so it can be rotated. */
  apiKey(): string | undefined;
  /** How each execution goes on. Absent: it completes, with a few failed calls. */
  courseOf?(execution: StartedExecution): Course;
  /** Where executions are kept across restarts. */
  readonly file: string;
  readonly clock: Clock;
}

const BODY_LIMIT_BYTES = 10_485_760;
const REMEMBERED = 1_000;

/** Starts a stand-in with executions that take 20 s. Throws InputError when its file is damaged. */
export async function startStandInApi(options: StandInOptions): Promise<StandInApi> {
  const executions = openExecutions(options.file, options.courseOf);
  const received: ReturnType<typeof record>[] = [];
  const server = await serveLoopback(async (request, response) => {
    const body = await readBody(request, BODY_LIMIT_BYTES);
    if (body === 'too-large') return send(response, { status: 413, body: 'Body too large' });
    const { runTests, namedRunTests = [], server: dialect = 'documented', clock } = options;
    received.push(record(request, body));
    if (received.length > REMEMBERED) received.shift();
    const secret = options.apiKey();
    if (secret === undefined || !isAuthorised(dialect, request.headers, secret))
      return send(response, UNAUTHORISED);
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://localhost');
    const asked = { query, body: body.toString('utf8'), now: clock.now() };
    const state = { server: dialect, runTests, namedRunTests, executions };
    send(response, answerTo(request.method ?? '', pathname, { ...state, ...asked }));
  });
  return { ...server, received };
}

const UNAUTHORISED: StandInAnswer = {
  status: 401,
  body: 'Authentication credentials were not provided or are invalid.',
};

function record(request: IncomingMessage, body: Buffer) {
  const headers = Object.entries(request.headersDistinct);
  return {
    method: request.method ?? '',
    /** With the query string. */
    path: request.url ?? '',
    headers: Object.fromEntries(headers.map(([name, values = []]) => [name, values.join(', ')])),
    body: body.toString('utf8'),
  };
}

/** A text is the message of an error. */
function send(response: ServerResponse, { status, body }: StandInAnswer): void {
  sendJson(response, status, typeof body === 'string' ? errorBody(status, body) : body);
}
