import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import type { TriggerEntry, TriggersFile } from '../config/schema.ts';

/** What the functions ask Secrets Manager for: an ARN as it is, a name with the stage's prefix. */
export function secretId(secret: string, stage: string | undefined): string {
  return stage === undefined || secret.startsWith('arn:') ? secret : `${stage}/${secret}`;
}

/** The part of the triggers file that the functions need at run time. */
export function deployedConfig(file: TriggersFile, stage: string | undefined): DeployedConfig {
  const { heartbeat } = file.monitoring;
  const triggers = Object.entries(file.triggers).map(
    ([name, entry]) => [name, deployedTrigger(entry, stage)] as const,
  );
  return {
    apiKeySecret: secretId(file.api.secret, stage),
    ...(file.api.dialect && { apiDialect: file.api.dialect }),
    retentionDays: file.ledger.retentionDays,
    timezone: file.timezone,
    ...(file.budget && { budget: file.budget }),
    ...(heartbeat !== undefined && { heartbeatSecret: secretId(heartbeat, stage) }),
    triggers: Object.fromEntries(triggers),
  };
}

/** Without the description. Does not compile while the file has a key that the functions do not know. */
function deployedTrigger(
  entry: TriggerEntry,
  stage: string | undefined,
): Pick<Trigger, Exclude<keyof TriggerEntry, 'description'>> {
  const { description: _, webhook, ...rest } = entry;
  return {
    ...rest,
    ...(webhook && { webhook: { ...webhook, secret: secretId(webhook.secret, stage) } }),
  };
}
