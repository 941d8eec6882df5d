import type { Trigger } from '../firing/trigger.ts';
import type { Sns } from '../runtime/aws.ts';
import type { ReadSecret } from '../runtime/secrets.ts';
import type { Setting } from './facts.ts';
import type { Routes } from './routes.ts';

/** Where messages go, and what they say of the service. */
export interface NotifySettings extends Routes, Omit<Setting, 'schedules'> {
  readonly topicArn: string;
  readonly triggers: Readonly<Record<string, Pick<Trigger, 'schedules' | 'webhook'>>>;
}

/** Secrets of channels are read when a message is sent, and kept for some minutes. */
export interface NotifyContext {
  readonly sns: Sns;
  readonly readSecret: ReadSecret;
  readonly now: () => Date;
}
