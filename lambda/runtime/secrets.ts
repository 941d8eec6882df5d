import type { SecretsManager } from './aws.ts';

/** A secret that a person must repair. The message says how; it holds no value. */
export class SecretUnusableError extends Error {
  override readonly name = 'SecretUnusableError';

  constructor(secretId: string, fault: string, options?: ErrorOptions) {
    super(`Secret ${secretId} ${fault}`, options);
  }
}

/**
 * Reads a secret's text, from a cache when it was read within `maxAgeMs`. Rejects with SecretUnusableError when
 * asking again cannot help, and with the SDK's error when it can (throttling, outage). That error is given again
 * without a request for 5 s, or for `maxAgeMs` where a caller sets it: a flood of requests makes none of reads.
 */
export type ReadSecret = (secretId: string, maxAgeMs?: number) => Promise<string>;

/** A rotated value is used after this long at the latest. */
const CACHE_MS = 5 * 60_000;
/** A secret without a value is asked for again after this long: no flood of requests may cause a read each. */
const UNUSABLE_CACHE_MS = 30_000;
/** So long a read that failed for the moment fails again without a request. */
const FAILED_CACHE_MS = 5_000;

/** Secrets Manager errors that a repetition gives again (Secrets Manager API reference, GetSecretValue). */
const FAULTS: Readonly<Record<string, (id: string) => string>> = {
  ResourceNotFoundException: (id) => `does not exist or has no value: npx rtt secret set ${id}`,
  // Also the answer for one that does not exist: the permission ends in its ARN's suffix, which it does not have yet.
  AccessDeniedException: (id) =>
    `does not exist, or may not be read by this function: npx rtt secret set ${id}; if it has a value, deploy the stack again`,
  DecryptionFailure: () => 'cannot be decrypted: allow the function to use its KMS key',
  InvalidRequestException: () => 'is scheduled for deletion: restore it',
};

/** Keeps a secret for five minutes and a failure for five seconds. Neither errors nor logs have its text. */
export function secretReader(client: SecretsManager, now: () => Date): ReadSecret {
  const cache = new Map<string, { readonly read: Read; readonly readAt: number }>();
  const failures = new Map<string, { readonly error: unknown; readonly failedAt: number }>();
  /** A clock that was set back makes an age negative, which says nothing. */
  const isWithin = (since: number, limitMs: number) => {
    const ageMs = now().getTime() - since;
    return ageMs >= 0 && ageMs < limitMs;
  };
  const readCached = async (secretId: string, maxAgeMs: number): Promise<Read> => {
    const cached = cache.get(secretId);
    const isUnusable = cached?.read instanceof SecretUnusableError;
    const limitMs = isUnusable ? Math.min(maxAgeMs, UNUSABLE_CACHE_MS) : maxAgeMs;
    if (cached && isWithin(cached.readAt, limitMs)) return cached.read;
    const failure = failures.get(secretId);
    const retryMs = maxAgeMs < CACHE_MS ? maxAgeMs : FAILED_CACHE_MS;
    if (failure && isWithin(failure.failedAt, retryMs)) throw failure.error;
    const at = now().getTime();
    try {
      const read = await fetchSecret(client, secretId);
      cache.set(secretId, { read, readAt: at });
      return read;
    } catch (error) {
      failures.set(secretId, { error, failedAt: at });
      throw error;
    }
  };
  return async (secretId, maxAgeMs = CACHE_MS) => {
    const read = await readCached(secretId, maxAgeMs);
    if (read instanceof SecretUnusableError) throw read;
    return read;
  };
}

type Read = string | SecretUnusableError;

async function fetchSecret(client: SecretsManager, secretId: string): Promise<Read> {
  try {
    const { SecretString: value } = await client.getSecretValue({ SecretId: secretId });
    if (value?.trim()) return value.trim();
  } catch (error) {
    const fault = error instanceof Error ? FAULTS[error.name] : undefined;
    if (fault === undefined) throw error;
    return new SecretUnusableError(secretId, fault(secretId), { cause: error });
  }
  return new SecretUnusableError(secretId, 'has no text value: set it as a plain string');
}
