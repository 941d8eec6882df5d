import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { emptyLookupCache, type LookupCache } from './api/lookup-cache.ts';
import type { Budget, DeployedConfig, Dialect } from './config/deployed-config.ts';
import type { Firing } from './firing/firing.ts';
import { type Ledger, openLedger } from './ledger/ledger.ts';
import { AWS_CLIENT } from './runtime/aws-client.ts';
import { required } from './runtime/environment.ts';
import { LIMITS, type Limits } from './runtime/limits.ts';
import { type ReadSecret, secretReader } from './runtime/secrets.ts';

/** What advancing a firing needs of the world. */
export interface Core {
  readonly ledger: Ledger;
  readonly readSecret: ReadSecret;
  /** Name or ARN of the secret with the API key. */
  readonly apiKeySecret: string;
  readonly apiBaseUrl: string;
  /** Absent: the form of the secret chooses. */
  readonly apiDialect?: Dialect;
  readonly memory: LookupCache;
  readonly retentionDays: number;
  /** What becomes of a firing once it has started or ended. Absent: that is left to the sweep. */
  readonly conclude?: (firing: Firing, core: Core, until: Date) => Promise<Firing>;
  /** In which the days and months of budgets begin. */
  readonly timezone: string;
  /** Of all triggers together. */
  readonly budget?: Budget;
  readonly limits: Limits;
  readonly now: () => Date;
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number;
}

/** The core of a function, from the environment that the stack gave it. Called once, during init. */
export function createCore(
  config: Omit<DeployedConfig, 'triggers'>,
  environment: NodeJS.ProcessEnv,
): Core {
  const now = () => new Date();
  return {
    ledger: openLedger(new DynamoDBClient(AWS_CLIENT), required(environment, 'LEDGER_TABLE')),
    readSecret: secretReader(new SecretsManagerClient(AWS_CLIENT), now),
    apiKeySecret: config.apiKeySecret,
    ...(config.apiDialect && { apiDialect: config.apiDialect }),
    memory: emptyLookupCache(),
    apiBaseUrl: required(environment, 'API_BASE_URL'),
    retentionDays: config.retentionDays,
    timezone: config.timezone,
    ...(config.budget && { budget: config.budget }),
    limits: LIMITS,
    now,
    random: Math.random,
  };
}
