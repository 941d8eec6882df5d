import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseApiKey } from '../../../lambda/api/api-key.ts';
import type { Dialect } from '../../../lambda/api/dialect.ts';
import type { DeployedConfig } from '../../../lambda/config/deployed-config.ts';
import { SecretUnusableError } from '../../../lambda/runtime/secrets.ts';
import type { Clock } from '../../clock.ts';
import { secretUses } from '../../secret-uses.ts';
import {
  addMissingSecrets,
  newWebhookSecret,
  readSecretsFile,
  setSecret,
} from '../files/secrets-file.ts';
import { startStandInApi } from '../stand-in/stand-in-api.ts';
import { namedRunTests, scenariosByRunTest } from '../stand-in/stand-in-scenarios.ts';
import { type ApiTarget, START_AGAIN } from './api-target.ts';
import { startSecretsManager } from './secrets-manager.ts';

/** Access keys that each run makes anew: those of an earlier run are refused. */
export interface LocalKeys {
  /** Of the functions' SDK clients. */
  readonly functions: string;
  /** Of the command line, which may do more. */
  readonly operator: string;
}

/** A triggers file, and the API that its executions are started at. */
interface InUse {
  readonly config: DeployedConfig;
  readonly target: ApiTarget;
}

/**
 * Starts what the functions use besides the ledger: Secrets Manager and, without a real API, the stand-in. `use` makes them
 * serve another triggers file; it changes nothing when it throws InputError, for a damaged secrets file.
 */
export async function startServices(
  first: InUse,
  keys: LocalKeys,
  { stateDirectory, clock }: { readonly stateDirectory: string; readonly clock: Clock },
) {
  const secretsFile = join(stateDirectory, 'secrets.json');
  const stored = (name: string) => readSecretsFile(secretsFile)[name];
  addSecrets(secretsFile, first);
  let used = first;
  const realKey = (name: string) =>
    used.target.kind === 'real' && name === used.config.apiKeySecret
      ? used.target.secretValue
      : undefined;
  const lookUp = (id: string) => realKey(id) ?? stored(id);
  const offered = {
    ...offerOf(first.config),
    apiKey: () => stored(used.config.apiKeySecret),
    file: join(stateDirectory, 'stand-in-executions.jsonl'),
    clock,
  };
  // Before what listens: its file may be damaged.
  const standIn = first.target.kind === 'real' ? undefined : await startStandInApi(offered);
  const secretsManager = await startSecretsManager(keys.functions, lookUp, {
    accessKeyId: keys.operator,
    put(name, value) {
      if (realKey(name)) return `This local run has its API key from FI_API_KEY: ${START_AGAIN}`;
      if (!secretUses(used.config).some(({ secret }) => secret === name))
        return `There is no secret ${name}`;
      setSecret(secretsFile, name, value);
      return undefined;
    },
  });
  return {
    secretsManager,
    secretsFile,
    /** Absent when the real API is used. */
    standIn,
    apiBaseUrl: () => (used.target.kind === 'real' ? used.target.baseUrl : (standIn?.url ?? '')),
    use(next: InUse): void {
      addSecrets(secretsFile, next);
      Object.assign(offered, offerOf(next.config));
      used = next;
    },
    async stop() {
      await Promise.all([secretsManager.stop(), standIn?.stop()]);
    },
  };

  function offerOf(config: DeployedConfig) {
    return {
      runTests: scenariosByRunTest(config.triggers),
      namedRunTests: namedRunTests(config.triggers),
      server: serverFor(config, stored(config.apiKeySecret)),
    };
  }
}

/** Every webhook gets a secret, and the stand-in a key, where the file has none. */
function addSecrets(file: string, { config, target }: InUse): void {
  const { apiKeySecret, triggers } = config;
  const webhookSecrets = Object.values(triggers).flatMap(({ webhook }) => webhook?.secret ?? []);
  addMissingSecrets(file, webhookSecrets, newWebhookSecret);
  if (target.kind !== 'real') addMissingSecrets(file, [apiKeySecret], () => newStandInKey(config));
}

function newStandInKey({ apiDialect = 'documented' }: DeployedConfig): string {
  const half = () => `stand-in-${randomBytes(16).toString('hex')}`;
  return apiDialect === 'documented'
    ? half()
    : JSON.stringify({ apiKey: half(), secretKey: half() });
}

/** The stand-in speaks what the functions will speak; an unusable key is theirs to report. */
function serverFor({ apiKeySecret, apiDialect }: DeployedConfig, secret = ''): Dialect {
  try {
    return parseApiKey(secret, apiKeySecret, apiDialect).dialect;
  } catch (error) {
    if (error instanceof SecretUnusableError) return apiDialect ?? 'documented';
    throw error;
  }
}
