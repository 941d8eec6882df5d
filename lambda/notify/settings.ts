import type { SNSClient } from '@aws-sdk/client-sns';
import type { Trigger } from '../firing/trigger.ts';
import type { ReadSecret } from '../runtime/secrets.ts';
import type { Routes } from './routes.ts';

/** Where messages go, and what they say of the service. */
export interface NotifySettings extends Routes {
  readonly topicArn: string;
  /** The stack's name; each stage has another. */
  readonly service: string;
  /** IANA time zone of the times in messages where a trigger has no schedule. */
  readonly timezone: string;
  readonly triggers: Readonly<Record<string, Pick<Trigger, 'schedules' | 'webhook'>>>;
  /** The region of the stack's dashboard, where it has one. */
  readonly region?: string;
}

/** What sending needs. */
export interface NotifyContext {
  readonly sns: Pick<SNSClient, 'send'>;
  readonly readSecret: ReadSecret;
  readonly now: () => Date;
}
