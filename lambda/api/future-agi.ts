import * as z from 'zod/mini';
import { lowerUuid } from '../firing/selection.ts';
import type { ApiKey } from './api-key.ts';
import { type ApiRequest, type Exchange, type ExchangeLimits, exchange } from './exchange.ts';
import { parseAnswer } from './json.ts';
import { apiMessage, NO_MESSAGE } from './outcome.ts';

/** Where the API is. */
export type BaseUrl = string;

/** How to reach the API for looking something up; the limits are those of the moment they are asked for. */
export interface ApiAccess {
  readonly baseUrl: BaseUrl;
  readonly key: ApiKey;
  readonly limits: () => ExchangeLimits;
}

/** The request that starts an execution (Future AGI API, "Execute run test"). */
export function executeRequest(
  baseUrl: BaseUrl,
  runTestId: string,
  body: object,
  key: ApiKey,
): ApiRequest {
  return post(
    baseUrl,
    `/simulate/run-tests/${runTestId.toLowerCase()}/execute/`,
    key,
    JSON.stringify(body),
  );
}

/** The request that cancels an execution; its body is empty. */
export function cancelRequest(baseUrl: BaseUrl, executionId: string, key: ApiKey): ApiRequest {
  return post(baseUrl, `/simulate/test-executions/${executionId}/cancel/`, key, '');
}

function post(baseUrl: BaseUrl, path: string, key: ApiKey, body: string): ApiRequest {
  return {
    method: 'POST',
    url: urlOf(baseUrl, path),
    headers: {
      ...credentials(key),
      'Content-Type': 'application/json',
      Accept: 'application/json',
    },
    body,
  };
}

/** One slash between the two, however the base was written, and the path's own slash at its end. */
function urlOf(baseUrl: BaseUrl, path: string): URL {
  return new URL(baseUrl.replace(/\/+$/, '') + path);
}

/** Why nothing can be read. */
export interface Unreadable {
  readonly kind: 'unreadable';
  /** The next look will find the same: no permission, or no such thing on this server. */
  readonly permanent: boolean;
  readonly message: string;
  readonly status?: number;
  /** The API's own words. */
  readonly words?: string;
}

/** Statuses that will be the same on the next look. */
const PERMANENT = new Set([301, 302, 307, 308, 400, 401, 402, 403, 404, 405, 406]);

/** Reads an answer's JSON, its keys in snake_case. Never rejects. */
export async function read(
  path: string,
  { baseUrl, key, limits }: ApiAccess,
): Promise<{ readonly kind: 'read'; readonly body: unknown } | Unreadable> {
  const headers = { ...credentials(key), Accept: 'application/json' };
  const answer = await send({ method: 'GET', url: urlOf(baseUrl, path), headers }, key, limits());
  if (answer.kind === 'broken') return unreadable(answer.reason);
  const { status } = answer;
  if (status === 200) return { kind: 'read', body: parseAnswer(answer.body) };
  const words = apiMessage(answer);
  const message = words === NO_MESSAGE ? `HTTP ${status}` : `${words} (HTTP ${status})`;
  return { ...unreadable(message, PERMANENT.has(status)), status, words };
}

/** An execution as the list shows it; the documented and the public server's shapes read alike. */
export interface ListedExecution {
  readonly id: string;
  readonly status: string;
  /** Absent when the server gives none that can be read. */
  readonly startedAt?: Date;
  readonly scenarioIds?: readonly string[];
  readonly totalScenarios?: number;
  readonly totalCalls?: number;
}

/** A page of a run test's executions, newest first, or why there is none. */
export type ExecutionsPage =
  | { readonly kind: 'page'; readonly executions: ListedExecution[]; readonly last: boolean }
  | Unreadable;

/** Enough for a list of known executions and for the busiest run test's last minutes in one request. */
const PAGE_SIZE = 25;

/** Reads one page (from 1). Never rejects. */
export async function listExecutions(
  baseUrl: BaseUrl,
  runTestId: string,
  key: ApiKey,
  page: number,
  limits: ExchangeLimits,
): Promise<ExecutionsPage> {
  const path = `/simulate/run-tests/${runTestId}/executions/?page=${page}&limit=${PAGE_SIZE}`;
  const answer = await read(path, { baseUrl, key, limits: () => limits });
  if (answer.kind === 'unreadable') return answer;
  const list = listSchema.safeParse(answer.body);
  if (!list.success) return unreadable('the executions list has no readable form');
  const { results, total_pages: pages } = list.data;
  const last = results.length < PAGE_SIZE || (pages !== undefined && page >= pages);
  return { kind: 'page', executions: results.map(listed), last };
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

/** The text with the key's values taken out. */
export function withoutKey(text: string, key: ApiKey): string {
  const values = key.dialect === 'documented' ? [key.apiKey] : [key.apiKey, key.secretKey];
  return values.reduce((rest, value) => rest.replaceAll(value, '[key]'), text);
}

const optionalText = z.catch(z.optional(z.string()), undefined);
const optionalNumber = z.catch(z.optional(z.number()), undefined);
const listSchema = z.object({
  results: z.array(
    z.object({
      id: z.string(),
      status: z.catch(z.string(), 'unknown'),
      start_time: optionalText,
      started_at: optionalText,
      created_at: optionalText,
      scenario_ids: z.catch(z.optional(z.array(z.string())), undefined),
      total_scenarios: optionalNumber,
      total_calls: optionalNumber,
      calls: optionalNumber,
    }),
  ),
  total_pages: optionalNumber,
});

function listed(item: z.infer<typeof listSchema>['results'][number]): ListedExecution {
  const startedAt = new Date(item.start_time ?? item.started_at ?? item.created_at ?? Number.NaN);
  const totalCalls = item.total_calls ?? item.calls;
  return {
    id: lowerUuid(item.id),
    status: item.status,
    ...(!Number.isNaN(startedAt.getTime()) && { startedAt }),
    ...(item.scenario_ids && { scenarioIds: item.scenario_ids.map(lowerUuid) }),
    ...(item.total_scenarios !== undefined && { totalScenarios: item.total_scenarios }),
    ...(totalCalls !== undefined && { totalCalls }),
  };
}

/** What an answer without a readable form, or none at all, comes to. */
export function unreadable(message: string, permanent = false): Unreadable {
  return { kind: 'unreadable', permanent, message };
}
