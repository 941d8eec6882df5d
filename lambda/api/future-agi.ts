import * as z from 'zod/mini';
import { executionIdSchema, lowerUuid } from '../firing/selection.ts';
import type { ApiKey } from './api-key.ts';
import { type ApiRequest, type Exchange, type ExchangeLimits, exchange } from './exchange.ts';
import { parseAnswer } from './json.ts';
import { apiMessage, NO_MESSAGE } from './outcome.ts';
import { keptNumber, toldNumber, toldText } from './told-number.ts';
import { withoutKey } from './without-key.ts';

/** How to reach the API for a look-up; the limits are those of the moment they are asked for. */
export interface ApiAccess {
  readonly baseUrl: string;
  readonly key: ApiKey;
  /** How a person replaces the key, as of `Api`; absent where it may be from a secret or from a person. */
  readonly setKey?: string;
  readonly limits: () => ExchangeLimits;
}

/** The request that starts an execution (Future AGI API, "Execute run test"). */
export function executeRequest(
  baseUrl: string,
  runTestId: string,
  body: object,
  key: ApiKey,
): ApiRequest {
  const path = `/simulate/run-tests/${encodeURIComponent(runTestId.toLowerCase())}/execute/`;
  return post(baseUrl, path, key, JSON.stringify(body));
}

/** The request that cancels an execution; its body is empty. */
export function cancelRequest(baseUrl: string, executionId: string, key: ApiKey): ApiRequest {
  const path = `/simulate/test-executions/${encodeURIComponent(executionId)}/cancel/`;
  return post(baseUrl, path, key, '');
}

function post(baseUrl: string, path: string, key: ApiKey, body: string): ApiRequest {
  const headers = {
    ...credentials(key),
    'Content-Type': 'application/json',
    Accept: 'application/json',
  };
  return { method: 'POST', url: urlOf(baseUrl, path), headers, body };
}

/** One slash between the two, however the base was written, and the path's own slash at its end. */
function urlOf(baseUrl: string, path: string): URL {
  return new URL(baseUrl.replace(/\/+$/, '') + path);
}

/** A read that gave nothing. Reads change nothing, so it is safe to repeat. */
export interface Unreadable {
  readonly kind: 'unreadable';
  /** The next try finds the same: no permission, or no such thing on this server. */
  readonly permanent: boolean;
  readonly message: string;
  readonly status?: number;
  /** The API's own words. */
  readonly words?: string;
  /** The `Date` header as it came. */
  readonly date?: string | undefined;
}

/** Statuses that are the same on the next try. */
const PERMANENT = new Set([301, 302, 307, 308, 400, 401, 402, 403, 404, 405, 406]);

/** Reads an answer's JSON, its keys in snake_case. Never rejects. */
export async function read(
  path: string,
  { baseUrl, key, limits }: ApiAccess,
): Promise<
  { readonly kind: 'read'; readonly body: unknown; readonly date?: string | undefined } | Unreadable
> {
  const headers = { ...credentials(key), Accept: 'application/json' };
  const answer = await send({ method: 'GET', url: urlOf(baseUrl, path), headers }, key, limits());
  if (answer.kind === 'broken') return unreadable(answer.reason);
  const { status, date } = answer;
  if (status === 200) return { kind: 'read', body: parseAnswer(answer.body), date };
  const words = apiMessage(answer);
  const message = words === NO_MESSAGE ? `HTTP ${status}` : `${words} (HTTP ${status})`;
  return { ...unreadable(message, PERMANENT.has(status)), status, words, date };
}

/** An execution as the list shows it; the documented and the public server's shapes read alike. */
export interface ListedExecution {
  readonly id: string;
  readonly status: string;
  /** Absent when the server gives none that can be read. */
  readonly startedAt?: Date;
  readonly scenarioIds?: readonly string[];
  /** Joined by commas, which a name may hold as well. */
  readonly scenarioNames?: string;
  readonly totalScenarios?: number;
  readonly totalCalls?: number;
}

/** A page of a run test's executions, newest first, or why there is none. */
export type ExecutionsPage =
  | {
      readonly kind: 'page';
      readonly executions: ListedExecution[];
      readonly last: boolean;
      /** The `Date` header as it came. */
      readonly date?: string | undefined;
    }
  | Unreadable;

/** Enough for a list of known executions and for the busiest run test's last minutes in one request. */
const PAGE_SIZE = 25;

/** Reads one page (from 1). Never rejects. */
export async function listExecutions(
  runTestId: string,
  page: number,
  access: ApiAccess,
): Promise<ExecutionsPage> {
  const path = `/simulate/run-tests/${encodeURIComponent(runTestId)}/executions/?`;
  const read = await readPage(path, { page, size: PAGE_SIZE, what: 'executions list' }, access);
  if (read.kind === 'unreadable') return read;
  const { data } = z.array(listedSchema).safeParse(read.results);
  if (!data) return unreadable('the executions list has no readable form');
  const { isLast: last, date } = read;
  return { kind: 'page', executions: data, last, date };
}

const pageSchema = z.object({
  results: z.array(z.unknown()),
  count: toldNumber,
  total_pages: toldNumber,
  next: toldText,
});

/** Reads a page (from 1) of the list at a path, which ends in ? or &. `what` names the list. Never rejects. */
export async function readPage(
  path: string,
  { page, size, what }: { readonly page: number; readonly size: number; readonly what: string },
  access: ApiAccess,
) {
  const answer = await read(`${path}page=${page}&limit=${size}`, access);
  if (answer.kind === 'unreadable') return answer;
  const { data } = pageSchema.safeParse(answer.body);
  if (!data) return unreadable(`the ${what} has no readable form`);
  const { results, count, total_pages: pages, next } = data;
  // A server may cap `limit`, so that a short page is not the last one.
  const isLast = pages === undefined ? !next && results.length < size : page >= pages;
  return { kind: 'page', results, count, isLast, date: answer.date } as const;
}

/** Sends a request and takes the key's value out of whatever comes back, should a server repeat it. */
export async function send(
  request: ApiRequest,
  key: ApiKey,
  limits: ExchangeLimits,
): Promise<Exchange> {
  const result = await exchange(request, limits);
  return result.kind === 'answered'
    ? { ...result, body: withoutKey(result.body, key) }
    : { ...result, reason: withoutKey(result.reason, key) };
}

function credentials(key: ApiKey): Record<string, string> {
  return key.dialect === 'documented'
    ? { Authorization: `Bearer ${key.apiKey}` }
    : { 'X-Api-Key': key.apiKey, 'X-Secret-Key': key.secretKey };
}

const listedSchema = z.pipe(
  z.object({
    id: executionIdSchema,
    status: z.catch(z.string(), 'unknown'),
    start_time: toldText,
    started_at: toldText,
    created_at: toldText,
    scenario_ids: z.catch(z.optional(z.array(z.string())), undefined),
    scenarios: toldText,
    total_scenarios: keptNumber,
    total_calls: keptNumber,
    calls: keptNumber,
  }),
  z.transform((item): ListedExecution => {
    const startedAt = new Date(item.start_time ?? item.started_at ?? item.created_at ?? Number.NaN);
    const totalCalls = item.total_calls ?? item.calls;
    return {
      id: lowerUuid(item.id),
      status: item.status,
      ...(!Number.isNaN(startedAt.getTime()) && { startedAt }),
      ...(item.scenario_ids && { scenarioIds: item.scenario_ids.map(lowerUuid) }),
      ...(item.scenarios && { scenarioNames: item.scenarios }),
      ...(item.total_scenarios !== undefined && { totalScenarios: item.total_scenarios }),
      ...(totalCalls !== undefined && { totalCalls }),
    };
  }),
);

/** What an answer without a readable form, or none at all, comes to. */
export function unreadable(message: string, permanent = false): Unreadable {
  return { kind: 'unreadable', permanent, message };
}
