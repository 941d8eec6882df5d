import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import { errorBody, jsonIn, type ServerDialect, type StandInAnswer } from './stand-in-request.ts';

/**
 * Whether the request carries the credentials in the server's form. To a server with key pairs any Authorization
 * header is final, right or wrong. No request is accepted while the secret holds no key of the server's form.
 */
export function isAuthorised(
  server: ServerDialect,
  headers: IncomingHttpHeaders,
  secret: string,
): boolean {
  const key = keySchema.safeParse(
    secret.startsWith('{') ? jsonIn(secret) : { apiKey: secret },
  ).data;
  if (!key) return false;
  const { authorization, 'x-api-key': apiKey, 'x-secret-key': secretKey } = headers;
  if (server === 'documented') return authorization === `Bearer ${key.apiKey}`;
  if (authorization !== undefined || key.secretKey === undefined) return false;
  return apiKey === key.apiKey && secretKey === key.secretKey;
}

/** What the service's secret holds: a key, or a pair. */
const keySchema = z.object({ apiKey: z.string().min(1), secretKey: z.string().min(1).optional() });

/** What an execute request asks for, as the server understands it. */
type Execute = z.infer<z.ZodObject<typeof camelCase>>;
const camelCase = {
  selectAll: z.boolean().default(false),
  scenarioIds: z.array(z.guid()).default([]),
  simulatorId: z.guid().optional(),
};
const snakeCase = {
  select_all: z.boolean().default(false),
  scenario_ids: z.array(z.guid()).default([]),
  simulator_id: z.guid().nullish(),
};
/** `select_all` is validated and then without effect. */
const asInclusion = ({ scenario_ids, simulator_id }: z.infer<z.ZodObject<typeof snakeCase>>) => ({
  selectAll: false,
  scenarioIds: scenario_ids,
  simulatorId: simulator_id ?? undefined,
});
const SCHEMAS: Readonly<Record<ServerDialect, z.ZodType<Execute>>> = {
  documented: z.object(camelCase),
  'key-pair': z.strictObject(camelCase),
  current: z.strictObject(snakeCase).transform(asInclusion),
  lenient: z.object(snakeCase).transform(asInclusion),
};

/** The body as the server reads it, or its complaint about each field. */
export function readExecute(
  server: ServerDialect,
  body: unknown,
): { readonly execute: Execute } | { readonly refusal: StandInAnswer } {
  const parsed = SCHEMAS[server].safeParse(body);
  if (parsed.success) return { execute: parsed.data };
  const complaints = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => [key, 'Unknown field.'] as const)
      : [[String(issue.path[0] ?? 'non_field_errors'), issue.message] as const],
  );
  const details = Object.fromEntries(complaints.map(([field, text]) => [field, [text]]));
  const message = complaints.map(([field, text]) => `${field}: ${text}`).join('; ');
  return { refusal: { status: 400, body: { ...errorBody(400, message), details } } };
}
