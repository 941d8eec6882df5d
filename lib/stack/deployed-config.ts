import type { DeployedConfig, TriggerNotify } from '../../lambda/config/deployed-config.ts';
import type { Trigger, Webhook } from '../../lambda/firing/trigger.ts';
import type { TriggerEntry, TriggersFile } from '../config/schema.ts';

/** What the functions ask Secrets Manager for: an ARN as it is, a name with the stage's prefix. */
export function secretId(secret: string, stage: string | undefined): string {
  return stage === undefined || secret.startsWith('arn:') ? secret : `${stage}/${secret}`;
}

/** The part of the triggers file that the functions need at run time. */
export function deployedConfig(file: TriggersFile, stage: string | undefined): DeployedConfig {
  const { timezone, budget } = file;
  const { dialect, maxStartsPerSecond, dashboardUrl } = file.api;
  const { heartbeat } = file.monitoring;
  const { channels, summary, quietHours } = file.notify;
  const daily = { name: 'summary', timezone, flexibleWindowMinutes: 0, enabled: true };
  return {
    apiKeySecret: secretId(file.api.secret, stage),
    ...(dialect && { apiDialect: dialect }),
    ...(maxStartsPerSecond !== undefined && { maxStartsPerSecond }),
    ...(dashboardUrl && { dashboardUrl }),
    notify: file.notify.on,
    ...(channels && { channels: byName(channels, (channel) => staged(channel, stage)) }),
    notifyOf: notifyOf(file),
    ...(summary && { summary: { ...summary, ...daily } }),
    ...(quietHours && { quietHours: { ...quietHours, timezone } }),
    hasDashboard: file.monitoring.dashboard,
    ...(hasOwnMetrics(file) && {
      measured: Object.keys(file.triggers).filter((name) => file.triggers[name]?.metrics),
    }),
    repeatAfterMinutes: file.notify.repeatAfter,
    retentionDays: file.ledger.retentionDays,
    timezone,
    ...(budget && { budget }),
    ...(heartbeat !== undefined && { heartbeatSecret: secretId(heartbeat, stage) }),
    triggers: byName(file.triggers, (entry) => deployedTrigger(entry, stage)),
  };
}

/** Whether a trigger asks for metrics of its own. */
export function hasOwnMetrics({ triggers }: Pick<TriggersFile, 'triggers'>): boolean {
  return Object.values(triggers).some(({ metrics }) => metrics);
}

function byName<T, U>(things: Readonly<Record<string, T>>, deployed: (thing: T) => U) {
  const entries = Object.entries(things).map(([name, thing]) => [name, deployed(thing)] as const);
  return Object.fromEntries(entries);
}

function staged<T extends { readonly secret: string }>(holder: T, stage: string | undefined): T {
  return { ...holder, secret: secretId(holder.secret, stage) };
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

/**
 * Without the description, who is told, and whether it is measured. Does not compile while the file has a key that
 * the functions do not know.
 */
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
    ...staged(webhook, stage),
    ...(commitStatus && { commitStatus: staged(commitStatus, stage) }),
  };
}
