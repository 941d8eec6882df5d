import { parseApiKey } from '../lambda/api/api-key.ts';
import type { Channel, DeployedConfig } from '../lambda/config/deployed-config.ts';
import { accessToken } from '../lambda/notify/commit-status.ts';
import { SecretUnusableError } from '../lambda/runtime/secrets.ts';
import { heartbeatUrl } from '../lambda/sweep/heartbeat.ts';
import { signingKeys } from '../lambda/webhook/standard-webhooks.ts';
import { checkSecret, secretWarning } from '../lambda/webhook/verify.ts';

/** A place in the configuration that names a secret; the value is not in it. */
export interface SecretUse {
  /** Name or ARN. */
  readonly secret: string;
  /** `API`, `heartbeat`, the trigger whose deliveries it verifies, or `channel` and its name. */
  readonly of: string;
  /** What its value is good for. */
  readonly does: string;
  /** Returns what is doubtful about a value. Throws SecretUnusableError when it cannot be used. */
  readonly check: (value: string) => string | undefined;
}

/** The part of a configuration that names secrets. */
type WithSecrets = Pick<
  DeployedConfig,
  'apiKeySecret' | 'apiDialect' | 'channels' | 'heartbeatSecret' | 'triggers'
>;

/** Every secret that a configuration needs, each with what its value must be; the API key first. */
export function secretUses(config: WithSecrets): SecretUse[] {
  const { apiKeySecret, apiDialect, channels = {}, heartbeatSecret, triggers } = config;
  const apiKey: SecretUse = {
    secret: apiKeySecret,
    of: 'API',
    does: 'its key can be read',
    check: (value) => void parseApiKey(value, apiKeySecret, apiDialect),
  };
  const webhooks = Object.entries(triggers).flatMap(([of, { webhook }]): SecretUse[] => {
    if (!webhook || webhook.verify === 'sns') return [];
    const check = (value: string) => {
      checkSecret(webhook, value);
      return secretWarning(webhook, value);
    };
    return [{ secret: webhook.secret, of, does: 'webhook: its secret can verify', check }];
  });
  const statuses = Object.entries(triggers).flatMap(([name, { webhook }]): SecretUse[] => {
    if (!webhook?.commitStatus) return [];
    const { secret } = webhook.commitStatus;
    const check = (value: string) => void accessToken(value, secret);
    return [{ secret, of: `commitStatus ${name}`, does: 'commit statuses: it has a token', check }];
  });
  const others = [...webhooks, ...statuses, ...Object.entries(channels).map(channelUse)];
  if (heartbeatSecret === undefined) return [apiKey, ...others];
  const heartbeat: SecretUse = {
    secret: heartbeatSecret,
    of: 'heartbeat',
    does: 'its monitor has an address',
    check: (value) => void heartbeatUrl(value, heartbeatSecret),
  };
  return [apiKey, heartbeat, ...others];
}

function channelUse([name, channel]: [string, Channel]): SecretUse {
  const { kind, secret } = channel;
  const check = (value: string) => {
    if (kind === 'webhook') signingKeys(value, secret);
    else if (kind !== 'pagerduty' && URL.parse(value)?.protocol !== 'https:')
      throw new SecretUnusableError(secret, `holds no https URL for the channel ${name}`);
    return undefined;
  };
  return { secret, of: `channel ${name}`, does: `messages go to it by ${kind}`, check };
}

/**
 * Whether the value can be used, and the command that sets it where it cannot. `command` completes the words behind
 * `rtt` so that they run when pasted.
 */
export function judgeSecret(
  { secret, does, check }: SecretUse,
  value: string | undefined,
  command: (words: string) => string,
): { readonly found: string; readonly ok: boolean; readonly command?: string } {
  const set = command(`secret set ${secret}`);
  if (!value) return { found: `the secret ${secret} has no value`, ok: false, command: set };
  try {
    const doubt = check(value);
    return { found: `${does}${doubt === undefined ? '' : `, but ${doubt}`}`, ok: true };
  } catch (error) {
    if (!(error instanceof SecretUnusableError)) throw error;
    return { found: error.message, ok: false, command: set };
  }
}
