import type { ServiceEvent } from '../firing/service-event.ts';
import { chatOf } from './chat-notification.ts';
import type { Setting } from './facts.ts';
import { type Told, toldOf } from './told.ts';

const LABEL_WIDTH = 11;

/** What SNS delivers of an event, by protocol. */
export function messageOf(event: ServiceEvent, setting: Setting) {
  const told = toldOf(event, setting);
  const { service } = setting;
  return {
    subject: told.subject,
    email: emailOf(told),
    sms: [`${service}: ${told.sentence}`, event.link].filter(Boolean).join(' - '),
    chat: chatOf(event, service, told),
  };
}

function emailOf({ sentence, reasons, steps, facts }: Told): string {
  const lines = facts.map(([label, value]) => `${label.padEnd(LABEL_WIDTH)}${value}`);
  const sections = [
    sentence,
    reasons.length > 0 && ['Why', ...reasons.map((reason) => `- ${reason}`)].join('\n'),
    steps.length > 0 && ['What to do', ...steps].join('\n'),
    lines.join('\n'),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}
