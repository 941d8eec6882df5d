import type {
  Channel,
  DeployedConfig,
  TriggerNotify,
} from '../../lambda/config/deployed-config.ts';
import type { Trigger, Webhook } from '../../lambda/firing/trigger.ts';
import type { TriggerEntry, TriggersFile } from '../config/schema.ts';
import { hasOwnMetrics } from './metrics.ts';

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
    ...(file.api.maxStartsPerSecond !== undefined && {
      maxStartsPerSecond: file.api.maxStartsPerSecond,
    }),
    ...(file.api.dashboardUrl && { dashboardUrl: file.api.dashboardUrl }),
    notify: file.notify.on,
    ...(file.notify.channels && { channels: deployedChannels(file.notify.channels, stage) }),
    notifyOf: notifyOf(file),
    ...(file.notify.summary && {
      summary: {
        ...file.notify.summary,
        name: 'summary',
        timezone: file.timezone,
        flexibleWindowMinutes: 0,
        enabled: true,
      },
    }),
    ...(file.notify.quietHours && {
      quietHours: { ...file.notify.quietHours, timezone: file.timezone },
    }),
    hasDashboard: file.monitoring.dashboard,
    ...(hasOwnMetrics(file) && {
      measured: Object.keys(file.triggers).filter((name) => file.triggers[name]?.metrics),
    }),
    repeatAfterMinutes: file.notify.repeatAfter,
    retentionDays: file.ledger.retentionDays,
    timezone: file.timezone,
    ...(file.budget && { budget: file.budget }),
    ...(heartbeat !== undefined && { heartbeatSecret: secretId(heartbeat, stage) }),
    triggers: Object.fromEntries(triggers),
  };
}

type Channels = NonNullable<TriggersFile['notify']['channels']>;

function deployedChannels(channels: Channels, stage: string | undefined): Record<string, Channel> {
  return Object.fromEntries(
    Object.entries(channels).map(([name, channel]) => [
      name,
      { ...channel, secret: secretId(channel.secret, stage) },
    ]),
  );
}

function notifyOf({ triggers }: TriggersFile): Record<string, TriggerNotify> {
  return Object.fromEntries(
    Object.entries(triggers).flatMap(([name, { notify }]) => {
      if (!notify) return [];
      // SNS chooses by the addresses' filter policies.
      const { email: _, ...told } = notify;
      return [[name, told]];
    }),
  );
}

/** Without the description, who is told, and whether it is measured. Does not compile while the file has a key that the functions do not know. */
function deployedTrigger(
  entry: TriggerEntry,
  stage: string | undefined,
): Pick<Trigger, Exclude<keyof TriggerEntry, 'description' | 'notify' | 'metrics'>> {
  const { description: _, notify: __, metrics: ___, webhook, ...rest } = entry;
  return {
    ...rest,
    ...(webhook && { webhook: deployedWebhook(webhook, stage) }),
  };
}

function deployedWebhook(webhook: Webhook, stage: string | undefined): Webhook {
  if (webhook.verify === 'sns') return webhook;
  const { commitStatus } = webhook;
  return {
    ...webhook,
    secret: secretId(webhook.secret, stage),
    ...(commitStatus && {
      commitStatus: { ...commitStatus, secret: secretId(commitStatus.secret, stage) },
    }),
  };
}
