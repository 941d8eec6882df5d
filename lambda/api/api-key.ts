import * as z from 'zod/mini';
import type { Dialect } from '../config/deployed-config.ts';
import type { Core } from '../core.ts';
import { SecretUnusableError } from '../runtime/secrets.ts';
import { parseJson } from './json.ts';

/** What proves who asks, and with it how the API is spoken to. */
export type ApiKey =
  | { readonly dialect: 'documented'; readonly apiKey: string }
  | {
      readonly dialect: Exclude<Dialect, 'documented'>;
      readonly apiKey: string;
      readonly secretKey: string;
    };

/** Visible ASCII: what an HTTP header can carry unchanged. */
const keySchema = z.string().check(z.regex(/^[\x21-\x7e]+$/));
const secretSchema = z.strictObject({ apiKey: keySchema, secretKey: z.optional(keySchema) });

/**
 * The API key, or why there is none: a SecretUnusableError wants a person, any other error (an outage of
 * Secrets Manager) wants patience. Never rejects.
 */
export async function readApiKey(
  { readSecret, apiKeySecret, apiDialect }: Core,
  maxAgeMs?: number,
): Promise<ApiKey | Error> {
  try {
    return parseApiKey(await readSecret(apiKeySecret, maxAgeMs), apiKeySecret, apiDialect);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Whether the secret still holds this key, so that a refusal of it is no matter of a rotation. Never rejects. */
export async function isCurrentKey(key: ApiKey, core: Core): Promise<boolean> {
  return JSON.stringify(await readApiKey(core, 0)) === JSON.stringify(key);
}

/**
 * Parses a secret's text: a plain key, `{"apiKey"}` or `{"apiKey","secretKey"}`. Throws SecretUnusableError.
 * @param configured `api.dialect`; absent, a single key speaks `documented` and a pair `current`.
 */
export function parseApiKey(text: string, secretId: string, configured?: Dialect): ApiKey {
  const parsed = secretSchema.safeParse(text.startsWith('{') ? parseJson(text) : { apiKey: text });
  if (!parsed.success) {
    throw new SecretUnusableError(
      secretId,
      'is not an API key: set it to the plain key, {"apiKey":"…"} or {"apiKey":"…","secretKey":"…"}',
    );
  }
  const { apiKey, secretKey } = parsed.data;
  const dialect = configured ?? (secretKey === undefined ? 'documented' : 'current');
  if (dialect === 'documented') return { dialect, apiKey };
  if (secretKey !== undefined) return { dialect, apiKey, secretKey };
  throw new SecretUnusableError(
    secretId,
    `is a single key, but api.dialect ${dialect} needs a pair: set it to {"apiKey":"…","secretKey":"…"}`,
  );
}
