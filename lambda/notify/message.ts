import { EVENT_KINDS } from '../firing/event-kind.ts';
import { type ServiceEvent, serviceEventSchema } from '../firing/service-event.ts';
import { chatOf } from './chat-notification.ts';
import { type Facts, factsOf, reasonsOf } from './facts.ts';

/** SNS takes less than 100 ASCII characters (API reference, Publish). */
const SUBJECT_LENGTH = 99;
const LABEL_WIDTH = 11;

/** What SNS delivers of an event, by protocol. `service` is the stack's name; times are in UTC and in `timezone`. */
export function messageOf(published: ServiceEvent, service: string, timezone: string) {
  const event = serviceEventSchema.parse(JSON.parse(JSON.stringify(published), oneLine));
  const headline = `${event.trigger} ${EVENT_KINDS[event.kind].headline}`;
  const facts = factsOf(event, timezone);
  return {
    subject: `[${service}] ${headline}`.slice(0, SUBJECT_LENGTH),
    email: emailOf(event, headline, facts),
    sms: [`${service}: ${headline}`, event.reasons[0], event.link].filter(Boolean).join(' - '),
    chat: chatOf(event, service, headline, facts),
  };
}

/** What shows as nothing, blank letters among it; not the variation of an emoji (U+FE0F). */
const BLANK = /(?:(?!\ufe0f)[\s\p{Cc}\p{Cf}\p{DI}\u2800])+/gu;

/** The API's own words must not look like a section of ours, nor hide what they are. */
function oneLine(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(BLANK, ' ').trim() : value;
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
