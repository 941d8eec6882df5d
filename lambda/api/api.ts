import { LIMITS, type Limits, timeLeft } from '../runtime/limits.ts';
import type { ReadSecret } from '../runtime/secrets.ts';
import { type ApiKey, parseApiKey } from './api-key.ts';
import type { Dialect } from './dialect.ts';
import type { ApiAccess } from './future-agi.ts';
import { type Lookups, newLookups } from './lookups.ts';
import { newPace, type Pace } from './pace.ts';

/** The API as a function knows it for as long as it lives. */
export interface Api {
  readonly baseUrl: string;
  /** How a person replaces the key: a command, or a few words. */
  readonly setKey: string;
  /** Of its dashboard, without a slash at the end; absent: Future AGI's own, if the server is theirs. */
  readonly dashboardUrl?: string;
  /**
   * The key, read again from the secret when it is older than `maxAgeMs`. Never rejects: a SecretUnusableError needs
   * a person, any other error (an outage of Secrets Manager) a later try.
   */
  readonly readKey: (maxAgeMs?: number) => Promise<ApiKey | Error>;
  readonly limits: Limits;
  readonly lookups: Lookups;
  readonly pace: Pace;
  readonly now: () => Date;
}

/** What the deployed configuration says of the API, its address aside: that is in the environment. */
export interface ApiConfig {
  /** Name or ARN of the API key's secret. */
  readonly apiKeySecret: string;
  /** How a person replaces the key; absent: in its secret. */
  readonly setKey?: string | undefined;
  /** Absent: the form of the secret chooses. */
  readonly apiDialect?: Dialect;
  /** Starts a second that the API takes; absent: learnt from its answers. */
  readonly maxStartsPerSecond?: number;
  /** Where people see what the API has; absent: Future AGI's own dashboard, if the server is theirs. */
  readonly dashboardUrl?: string;
}

/** The API that the stack was deployed for, with nothing looked up yet. */
export function deployedApi(
  config: ApiConfig,
  readSecret: ReadSecret,
  baseUrl: string,
  now: () => Date,
): Api {
  const { apiKeySecret, apiDialect, dashboardUrl } = config;
  return {
    baseUrl,
    setKey: config.setKey ?? `npx rtt secret set ${apiKeySecret}`,
    ...(dashboardUrl !== undefined && { dashboardUrl }),
    async readKey(maxAgeMs) {
      try {
        return parseApiKey(await readSecret(apiKeySecret, maxAgeMs), apiKeySecret, apiDialect);
      } catch (error) {
        return error instanceof Error ? error : new Error(String(error));
      }
    },
    limits: LIMITS,
    lookups: newLookups(now),
    pace: newPace(config.maxStartsPerSecond),
    now,
  };
}

/** Reads the key and gives access to the API until the caller's time is over; or why there is no key. Never rejects. */
export async function accessApi(api: Api, until: Date): Promise<ApiAccess | Error> {
  const key = await api.readKey();
  if (key instanceof Error) return key;
  const { connectMs, pageMs } = api.limits;
  const limits = () => ({ connectMs, totalMs: Math.min(pageMs, timeLeft(api, until)) });
  return { baseUrl: api.baseUrl, setKey: api.setKey, key, limits };
}

/** Whether the secret still holds this key, so that a refusal of it is not due to a rotation. Never rejects. */
export async function isCurrentKey(key: ApiKey, { readKey }: Pick<Api, 'readKey'>) {
  return isSameKey(await readKey(0), key);
}

/** A secret that cannot be read is not a key: an `Error` differs from every key. */
export function isSameKey(read: ApiKey | Error, key: ApiKey): boolean {
  return JSON.stringify(read) === JSON.stringify(key);
}
