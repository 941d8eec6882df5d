import * as z from 'zod/mini';
import { SecretUnusableError } from '../runtime/secrets.ts';
import type { Dialect } from './dialect.ts';
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
