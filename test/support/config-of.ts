import {
  type ConfigFiles,
  configFiles,
  openConfigFiles,
} from '../../lambda/config/config-files.ts';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';

/** What is deployed besides the triggers. */
export const SETTINGS = {
  apiKeySecret: 'api-key',
  retentionDays: 90,
  hasDashboard: false,
  notify: [],
  repeatAfterMinutes: 720,
  timezone: 'UTC',
} as const satisfies Omit<DeployedConfig, 'triggers'>;

/** These triggers as the functions read them. */
export function configOf(triggers: DeployedConfig['triggers']): ConfigFiles {
  const files = configFiles({ ...SETTINGS, triggers });
  return openConfigFiles((file) => files.get(file) ?? '');
}
