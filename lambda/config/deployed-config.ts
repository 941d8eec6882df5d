import { readFileSync } from 'node:fs';
import type { Dialect } from '../api/dialect.ts';
import type { Budget } from '../firing/policy.ts';
import type { Trigger } from '../firing/trigger.ts';

/** The file `triggers.json` beside each bundle, written at synth by lib/stack/function-bundle.ts. */
export interface DeployedConfig {
  /** Name or ARN of the API key's secret. */
  readonly apiKeySecret: string;
  /** Absent: the form of the secret chooses. */
  readonly apiDialect?: Dialect;
  /** How long a final firing stays in the ledger. */
  readonly retentionDays: number;
  /** In which the days and months of budgets begin. */
  readonly timezone: string;
  /** Of all triggers together. */
  readonly budget?: Budget;
  /** Name or ARN of the secret with the URL that each good sweep calls. */
  readonly heartbeatSecret?: string;
  readonly triggers: Readonly<Record<string, Trigger>>;
}

/** Reads the configuration that was deployed with this bundle. Called once, during init. */
export function readDeployedConfig(): DeployedConfig {
  return JSON.parse(readFileSync(new URL('./triggers.json', import.meta.url), 'utf8'));
}
