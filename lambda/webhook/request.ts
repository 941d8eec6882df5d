import * as z from 'zod/mini';
import type { SignedRequest } from './verification.ts';

/** One HTTP request to `/hooks/{trigger}`. */
export interface WebhookRequest extends SignedRequest {
  readonly trigger: string;
  /** The id of the firing to read (`/hooks/{trigger}/firings/{firing}`). Absent: the request is a delivery. */
  readonly firing?: string | undefined;
  /** CloudEvents asks whether it may send deliveries (`OPTIONS`). */
  readonly isQuestion: boolean;
  readonly query: Readonly<Record<string, string>>;
  /** The address that was asked, without the query. */
  readonly url: string;
}

const eventSchema = z.object({
  headers: z.record(z.string(), z.string()),
  queryStringParameters: z.optional(z.record(z.string(), z.string())),
  body: z.optional(z.string()),
  isBase64Encoded: z.boolean(),
  pathParameters: z.object({ trigger: z.string(), firing: z.optional(z.string()) }),
  rawPath: z.string(),
  rawQueryString: z.optional(z.string()),
  requestContext: z.object({
    domainName: z.string(),
    http: z.optional(z.object({ method: z.string() })),
  }),
});

const addressedSchema = z.pick(eventSchema, { pathParameters: true });

/** The trigger that API Gateway's event names. */
export function triggerIn(event: unknown): string | undefined {
  return addressedSchema.safeParse(event).data?.pathParameters.trigger;
}

/** Reads API Gateway's event (payload format 2.0). The body is the sender's bytes, decoded where it was encoded. */
export function parseRequest(event: unknown): WebhookRequest {
  const parsed = eventSchema.parse(event);
  const { body, isBase64Encoded, pathParameters, queryStringParameters } = parsed;
  const headers = Object.fromEntries(
    Object.entries(parsed.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  // API Gateway itself writes this header.
  const scheme = headers['x-forwarded-proto'] ?? 'https';
  const url = `${scheme}://${parsed.requestContext.domainName}${parsed.rawPath}`;
  return {
    ...pathParameters,
    headers,
    isQuestion: parsed.requestContext.http?.method === 'OPTIONS',
    query: queryStringParameters ?? {},
    url,
    address: parsed.rawQueryString ? `${url}?${parsed.rawQueryString}` : url,
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}
