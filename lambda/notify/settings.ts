import type { SNSClient } from '@aws-sdk/client-sns';
import type { Trigger } from '../firing/trigger.ts';
import type { ReadSecret } from '../runtime/secrets.ts';
import type { Setting } from './facts.ts';
import type { Routes } from './routes.ts';

/** Where messages go, and what they say of the service. */
export interface NotifySettings extends Routes, Omit<Setting, 'schedules'> {
  readonly topicArn: string;
  readonly triggers: Readonly<Record<string, Pick<Trigger, 'schedules' | 'webhook'>>>;
}

/** What sending needs. */
export interface NotifyContext {
  readonly sns: Pick<SNSClient, 'send'>;
  readonly readSecret: ReadSecret;
  readonly now: () => Date;
}
