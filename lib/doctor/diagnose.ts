import { type ApiKey, parseApiKey } from '../../lambda/api/api-key.ts';
import type { Dialect } from '../../lambda/api/dialect.ts';
import type { ExchangeLimits } from '../../lambda/api/exchange.ts';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import { atOnce } from '../../lambda/runtime/at-once.ts';
import { SecretUnusableError } from '../../lambda/runtime/secrets.ts';
import { type Probe, probeServer } from './server-probe.ts';
import { checkTrigger } from './trigger-check.ts';

/** One server, one key and the triggers, from the triggers file or from what is deployed. */
export interface Setup {
  readonly baseUrl: string;
  /** The API key's secret as the functions read it; no part of the report. */
  readonly secretValue: string;
  readonly config: Pick<
    DeployedConfig,
    'apiKeySecret' | 'apiDialect' | 'channels' | 'heartbeatSecret' | 'triggers'
  >;
  /** Of each request. */
  readonly limits: ExchangeLimits;
  /** How a person replaces the key: a sentence. */
  readonly setKey: string;
}

/**
 * Whether the configured key, dialect and triggers would work. Nothing is started to find out. Never rejects for what the
 * server does.
 */
export async function diagnose({ baseUrl, secretValue, config, limits, setKey }: Setup) {
  const { apiKeySecret, apiDialect, triggers } = config;
  const key = attempt(() => parseApiKey(secretValue, apiKeySecret, apiDialect));
  const forms = formsOf(secretValue, apiKeySecret);
  const server = await Promise.all(
    forms.map(async (form) => ({
      credentials: form.dialect === 'documented' ? ('bearer' as const) : ('pair' as const),
      form,
      probe: await probeServer(baseUrl, form, limits),
    })),
  );
  const working = server.find(({ probe }) => probe.kind === 'answers');
  const advised = working && adviceFor(working.form, working.probe, key);
  const access = working && { baseUrl, key: working.form, limits: () => limits };
  const checks = access
    ? await atOnce(Object.entries(triggers), ([name, trigger]) =>
        checkTrigger(name, trigger, access),
      )
    : [];
  return {
    /** What the functions will speak; absent when the secret is unusable. */
    ...(!(key instanceof Error) && { configured: key.dialect }),
    /** What the server understands, for each form of credentials that the secret allows. */
    server: server.map(({ credentials, probe }) => ({ credentials, probe })),
    /** The dialect to configure; absent when the server takes no form of the key. */
    ...(advised && { advised }),
    triggers: checks,
    /** Everything that a person must fix, except those of the triggers. */
    problems: problemsOf(
      key,
      advised,
      server.map(({ probe }) => probe),
      setKey,
    ),
  };
}

/** All would work where `problems` is empty here and in each trigger. */
export type Diagnosis = Awaited<ReturnType<typeof diagnose>>;

/** The forms of credentials that the secret's text allows, the configured dialect aside. */
function formsOf(secretValue: string, secretId: string): ApiKey[] {
  return (['current', 'documented'] as const)
    .map((dialect) => attempt(() => parseApiKey(secretValue, secretId, dialect)))
    .filter((form): form is ApiKey => !(form instanceof SecretUnusableError));
}

function attempt(parse: () => ApiKey): ApiKey | SecretUnusableError {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SecretUnusableError) return error;
    throw error;
  }
}

/** `key-pair` tries both casings, so it is right wherever the server's fields are unclear. */
function adviceFor(form: ApiKey, probe: Probe, configured: ApiKey | Error): Dialect {
  if (form.dialect === 'documented') return 'documented';
  const fields = probe.kind === 'answers' ? probe.fields : 'unclear';
  if (fields === 'snake_case') {
    // Both are right there; what is configured stays.
    const isKeyPair = !(configured instanceof Error) && configured.dialect === 'key-pair';
    return isKeyPair ? 'key-pair' : 'current';
  }
  return 'key-pair';
}

function problemsOf(
  key: ApiKey | Error,
  advised: Dialect | undefined,
  probes: readonly Probe[],
  setKey: string,
): string[] {
  if (!advised) {
    const refusals = new Set(probes.map((probe) => inWords(probe, setKey)));
    return [...(key instanceof Error ? [key.message] : []), ...refusals];
  }
  if (key instanceof Error) return [`${key.message}, or set api.dialect: ${advised}`];
  if (key.dialect === advised) return [];
  return [`The server does not speak ${key.dialect}: set api.dialect: ${advised}`];
}

function inWords(probe: Probe, setKey: string): string {
  if (probe.kind === 'unreachable') {
    return `The server cannot be reached: ${probe.reason}. Check FI_BASE_URL where it is set, else api.baseUrl in triggers.yaml.`;
  }
  if (probe.kind === 'answers') return 'The server answers';
  const remedy = probe.status === 401 ? setKey : probe.remedy;
  return `${probe.message} (HTTP ${probe.status}). ${probe.cause} ${remedy}`;
}
