import { chatOf } from './chat-notification.ts';
import type { Told } from './told.ts';

const LABEL_WIDTH = 11;

/** What SNS delivers of what is told, by protocol. `service` is the stack's name. */
export function messageOf(told: Told, service: string) {
  return {
    subject: told.subject,
    email: emailOf(told),
    sms: [`${service}: ${told.sentence}`, told.mark.link].filter(Boolean).join(' - '),
    chat: chatOf(told, service),
  };
}

function emailOf({ sentence, heading, reasons, steps, facts }: Told): string {
  const lines = facts.map(([label, value]) => `${label.padEnd(LABEL_WIDTH - 1)} ${value}`);
  const sections = [
    sentence,
    reasons.length > 0 && [heading, ...reasons.map((reason) => `- ${reason}`)].join('\n'),
    steps.length > 0 && ['What to do', ...steps].join('\n'),
    lines.join('\n'),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}
