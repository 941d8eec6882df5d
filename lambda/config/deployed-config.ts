import type { ApiConfig } from '../api/api.ts';
import type { EventKind } from '../firing/event-kind.ts';
import type { Budget, QuietHours } from '../firing/policy.ts';
import type { Trigger } from '../firing/trigger.ts';

/** Where messages go beside the topic. */
export type Channel = {
  /** Name or ARN of its secret: the address of an incoming webhook, a routing key, or a signing key. */
  readonly secret: string;
  /** What it is told of; absent: as everybody. */
  readonly on?: readonly EventKind[];
} & (
  | { readonly kind: 'slack' | 'teams' }
  | { readonly kind: 'pagerduty'; readonly url?: string }
  | { readonly kind: 'webhook'; readonly url: string }
);

/** What `notify` of one trigger changes for its messages. */
export interface TriggerNotify {
  /** The channels that get its messages; absent: all. */
  readonly channels?: readonly string[];
  /** Until then nobody gets any, ISO 8601. */
  readonly muteUntil?: string;
}

/** What the functions know of the triggers file; beside each bundle it lies in several files (config-files.ts). */
export interface DeployedConfig extends ApiConfig {
  /** How long a final firing stays in the ledger. */
  readonly retentionDays: number;
  readonly hasDashboard: boolean;
  /** The triggers with metrics of their own; absent: none. */
  readonly measured?: readonly string[];
  readonly notify: readonly EventKind[];
  readonly channels?: Readonly<Record<string, Channel>>;
  /** When people are told what ran since the summary before; absent: never. */
  readonly summary?: Trigger['schedules'][number];
  /** When only what is critical is told. */
  readonly quietHours?: QuietHours;
  /** After this long, a problem that goes on is told again. */
  readonly repeatAfterMinutes: number;
  /** In which the days and months of budgets begin. */
  readonly timezone: string;
  /** Of all triggers together. */
  readonly budget?: Budget;
  /** Name or ARN of the secret with the URL that each good sweep calls. */
  readonly heartbeatSecret?: string;
  readonly triggers: Readonly<Record<string, Trigger>>;
  /** By trigger, where it says who is told of it. */
  readonly notifyOf?: Readonly<Record<string, TriggerNotify>>;
}
