import * as z from 'zod/mini';
import type { Execution } from '../firing/firing.ts';
import { executionIdSchema, lowerUuid } from '../firing/selection.ts';
import type { Exchange } from './exchange.ts';
import { parseAnswer, parseJson } from './json.ts';
import { keptNumber, toldText } from './told-number.ts';

/** What an execute POST came to. Only `not-started` may be sent again without looking first. */
export type Outcome =
  | { readonly kind: 'started'; readonly execution: Execution; readonly status: number }
  | {
      readonly kind: 'not-started';
      readonly message: string;
      readonly status?: number;
      /** The server's own wish, in milliseconds from now. */
      readonly retryAfterMs?: number | undefined;
    }
  | {
      readonly kind: 'rejected';
      readonly message: string;
      readonly status: number;
      /** Present when the server only complains that it does not know these fields of the body. */
      readonly unknownFields?: readonly string[] | undefined;
      /** Of a 401: how a person replaces the key. */
      readonly setKey?: string;
    }
  | {
      readonly kind: 'unknown';
      readonly message: string;
      readonly status?: number;
      /** By the server's clock, where an answer began and told. */
      readonly answeredAt?: Date;
    };

/**
 * Statuses with which the API, or a proxy before it, has certainly created nothing. 409 and 422 are not among
 * them: no source says that the API uses them, so nothing is known of what stands behind one.
 */
const REFUSED = new Set([401, 402, 403, 404, 405, 406, 415]);

/** A 400 with one of these messages is raised before the execution row is inserted. */
const REFUSED_BEFORE_INSERT =
  /^(At least one scenario is required|Scenarios incomplete|Test is not ready to run|No scenarios found for this test)/i;

/** A 400 with one of these messages is raised after the row was inserted, whatever else the answer says. */
const FAILED_AFTER_INSERT = /^(Failed to start (hosted )?test execution|Failed to execute test)/i;

/** Tells what became of an execute POST. Pure: the same exchange at the same time gives the same outcome. */
export function classify(exchange: Exchange, now: Date): Outcome {
  if (exchange.kind === 'broken' && !exchange.written) {
    return { kind: 'not-started', message: exchange.reason };
  }
  const { status } = exchange;
  if (status === undefined) return { kind: 'unknown', message: apiMessage(exchange) };
  if (status === 429) {
    const retryAfterMs = parseRetryAfter(exchange.retryAfter, now);
    return { kind: 'not-started', status, message: apiMessage(exchange), retryAfterMs };
  }
  if ((status >= 300 && status < 400) || REFUSED.has(status)) {
    return { kind: 'rejected', status, message: apiMessage(exchange) };
  }
  const answeredAt = serverTime(exchange.date, now);
  const unknown = { kind: 'unknown', status, ...(answeredAt && { answeredAt }) } as const;
  if (exchange.kind === 'broken') return { ...unknown, message: exchange.reason };
  if (status >= 200 && status < 300) {
    const { data: execution } = startedSchema.safeParse(parseAnswer(exchange.body));
    return execution
      ? { kind: 'started', status, execution }
      : { ...unknown, message: 'the answer holds no readable execution_id' };
  }
  if (status === 400 && isRefusal(exchange.body)) {
    const unknownFields = unknownFieldsOf(exchange.body);
    return { kind: 'rejected', status, message: apiMessage(exchange), unknownFields };
  }
  return { ...unknown, message: apiMessage(exchange) };
}

const startedSchema = z.pipe(
  z.object({
    execution_id: executionIdSchema,
    status: z.catch(z.string(), 'unknown'),
    total_scenarios: keptNumber,
    total_calls: keptNumber,
    scenario_ids: z.catch(z.optional(z.array(z.string())), undefined),
  }),
  z.transform((told) => ({
    id: lowerUuid(told.execution_id),
    status: told.status,
    ...(told.total_scenarios !== undefined && { totalScenarios: told.total_scenarios }),
    ...(told.total_calls !== undefined && { totalCalls: told.total_calls }),
    ...(told.scenario_ids && { scenarioIds: told.scenario_ids.map(lowerUuid) }),
  })),
);

/** Seconds or an HTTP date (RFC 9110, section 10.2.3); anything else counts as absent. */
function parseRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

/** Words, or an object that has them: the public server sends both as `error` and `result`. */
const words = z.catch(
  z.optional(
    z.union([
      z.string(),
      z.pipe(
        z.object({ message: toldText, detail: toldText }),
        z.transform(({ message, detail }) => message ?? detail),
      ),
    ]),
  ),
  undefined,
);
const errorSchema = z.object({
  details: z.catch(z.optional(z.record(z.string(), z.unknown())), undefined),
  code: toldText,
  message: words,
  detail: words,
  error: words,
  result: words,
});

function isRefusal(body: string): boolean {
  const error = parseError(body);
  if (!error) return false;
  const { details, code, message } = error;
  if (wordsOf(error).some((each) => FAILED_AFTER_INSERT.test(each))) return false;
  if (details && Object.keys(details).length > 0) return true;
  return code === 'parse_error' || REFUSED_BEFORE_INSERT.test(message ?? '');
}

/** The fields complained of, when every complaint is "Unknown field." and nothing else. */
function unknownFieldsOf(body: string): string[] | undefined {
  const details = Object.entries(parseError(body)?.details ?? {});
  const isUnknown = ([, complaints]: [string, unknown]) =>
    [complaints].flat().every((complaint) => complaint === 'Unknown field.');
  if (details.length === 0 || !details.every(isUnknown)) return undefined;
  return details.map(([field]) => field);
}

/** Long enough for every message the API is known to send, short enough for a log line or a chat message. */
export const MESSAGE_LIMIT = 300;

/** Stands for the words of an answer that has none which a person can read. */
export const NO_MESSAGE = 'no readable message';

/** What proxies and frameworks put where an API's words are expected. */
const HTML =
  /^\s*<|<(!doctype|\/?(html|head|title|body|h[1-6]|p|pre|div|span|center|script|style|a|br))\b/i;

/**
 * The API's own words on one line, so that they look like no line of ours: field details first, then its message. HTML,
 * wherever it stands, is never quoted.
 */
export function apiMessage(exchange: Exchange): string {
  if (exchange.kind === 'broken') return exchange.reason;
  const error = parseError(exchange.body);
  const fields = Object.entries(error?.details ?? {}).map(([field, said]) =>
    complaint(field, said),
  );
  const candidates = [fields.join('; '), ...(error ? wordsOf(error) : [])];
  const words = candidates.find((each) => each.trim() && !HTML.test(each));
  return words?.trim().replace(/\s+/g, ' ').slice(0, MESSAGE_LIMIT) ?? NO_MESSAGE;
}

function complaint(field: string, text: unknown): string {
  const words = [text].flat().filter((each) => typeof each === 'string');
  return words.length > 0 ? `${field}: ${words.join(',')}` : field;
}

function wordsOf({ message, detail, error, result }: ApiError): string[] {
  return [message, detail, error, result].flatMap((each) => each ?? []);
}

type ApiError = z.infer<typeof errorSchema>;

function parseError(body: string) {
  const parsed = errorSchema.safeParse(parseJson(body));
  return parsed.success ? parsed.data : undefined;
}

/** A `Date` that is further off comes from a cache or a broken clock, and tells nothing about when something began. */
const MOST_SKEW_MS = 3_600_000;

/** The server's clock as its `Date` header shows it, in whole seconds; undefined when there is none to rely on. */
export function serverTime(date: string | undefined, now: Date): Date | undefined {
  const time = Date.parse(date ?? '');
  return Math.abs(time - now.getTime()) <= MOST_SKEW_MS ? new Date(time) : undefined;
}
