import type { ServiceEvent } from '../firing/service-event.ts';
import { type ChatNotification, chatOf } from './chat-notification.ts';
import { type Facts, factsOf, reasonsOf } from './facts.ts';
import { HEADLINES } from './headlines.ts';

/** What SNS delivers, by protocol. */
export interface Message {
  /** ASCII, at most 99 characters (SNS API reference, Publish: "less than 100"). */
  readonly subject: string;
  /** Plain text. */
  readonly email: string;
  /** One line. */
  readonly sms: string;
  readonly chat: ChatNotification;
}

const SUBJECT_LENGTH = 99;
const LABEL_WIDTH = 11;

/** The message of an event. `service` names the stack, `timezone` is told beside UTC. */
export function messageOf(event: ServiceEvent, service: string, timezone: string): Message {
  const headline = `${event.trigger} ${HEADLINES[event.kind]}`;
  const facts = factsOf(event, timezone);
  return {
    subject: `[${service}] ${headline}`.slice(0, SUBJECT_LENGTH),
    email: emailOf(event, headline, facts),
    sms: [`${service}: ${headline}`, event.reasons[0], event.link].filter(Boolean).join(' - '),
    chat: chatOf(event, service, headline, facts),
  };
}

function emailOf(event: ServiceEvent, headline: string, facts: Facts): string {
  const lines = facts.map(([label, value]) => `${label.padEnd(LABEL_WIDTH)}${value}`);
  const reasons = reasonsOf(event).map((reason) => `- ${reason}`);
  const sections = [
    headline,
    lines.join('\n'),
    reasons.length > 0 && ['Why', ...reasons].join('\n'),
    event.what_to_do && `What to do\n${event.what_to_do}`,
    event.link,
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}
