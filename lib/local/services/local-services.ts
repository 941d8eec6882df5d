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
import type { ApiTarget } from './api-target.ts';
import { startSecretsManager } from './secrets-manager.ts';

export interface LocalKeys {
  /** Of the functions' SDK clients. */
  readonly functions: string;
  /** Of the command line, which may do more. */
  readonly operator: string;
}

/**
 * Starts what the functions use besides the ledger: Secrets Manager and, without a real API, the stand-in. Every webhook gets
 * a secret, and the stand-in a key, where the secrets file has none.
 */
export async function startServices(
  config: DeployedConfig,
  target: ApiTarget,
  keys: LocalKeys,
  { stateDirectory, clock }: { readonly stateDirectory: string; readonly clock: Clock },
) {
  const { apiKeySecret, triggers } = config;
  const secretsFile = join(stateDirectory, 'secrets.json');
  const webhookSecrets = Object.values(triggers).flatMap(({ webhook }) => webhook?.secret ?? []);
  addMissingSecrets(secretsFile, webhookSecrets, newWebhookSecret);
  const isReal = target.kind === 'real';
  if (!isReal) addMissingSecrets(secretsFile, [apiKeySecret], () => newStandInKey(config));
  const stored = (name: string) => readSecretsFile(secretsFile)[name];
  const lookUp = (id: string) => (isReal && id === apiKeySecret ? target.secretValue : stored(id));
  const secretsManager = await startSecretsManager(keys.functions, lookUp, {
    accessKeyId: keys.operator,
    put(name, value) {
      if (name === apiKeySecret && isReal) return 'This local run has its API key from FI_API_KEY';
      if (!secretUses(config).some(({ secret }) => secret === name))
        return `There is no secret ${name}`;
      setSecret(secretsFile, name, value);
      return undefined;
    },
  });
  const services = { secretsManager, secretsFile };
  if (isReal) {
    const { stop } = secretsManager;
    return { ...services, standIn: undefined, apiBaseUrl: target.baseUrl, stop };
  }
  const standIn = await startStandInApi({
    runTests: scenariosByRunTest(triggers),
    namedRunTests: namedRunTests(triggers),
    server: serverFor(config, stored(apiKeySecret)),
    apiKey: () => stored(apiKeySecret),
    file: join(stateDirectory, 'stand-in-executions.jsonl'),
    clock,
  });
  return {
    ...services,
    standIn,
    apiBaseUrl: standIn.url,
    async stop() {
      await Promise.all([secretsManager.stop(), standIn.stop()]);
    },
  };
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
