import { forSlack } from './channels.ts';
import type { NotifyContext, NotifySettings } from './settings.ts';
import type { Told } from './told.ts';

/**
 * Publishes what is told on the topic, and returns SNS's id of the message.
 * @param attributes what a subscription's filter policy can choose by (SNS, "Message filtering").
 */
export async function publish(
  told: Told,
  attributes: Readonly<Record<'kind' | 'severity' | 'trigger', readonly string[]>>,
  sns: NotifyContext['sns'],
  { service, topicArn }: Pick<NotifySettings, 'service' | 'topicArn'>,
): Promise<string | undefined> {
  const { subject, chat, email, sms } = messageOf(told, service);
  const { MessageId } = await sns.publish({
    TopicArn: topicArn,
    Subject: subject,
    MessageStructure: 'json',
    Message: JSON.stringify({ default: JSON.stringify(chat), email, sms }),
    MessageAttributes: attributesOf(attributes),
  });
  return MessageId;
}

/** SNS takes no empty list. */
function attributesOf(lists: Readonly<Record<string, readonly string[]>>) {
  const present = Object.entries(lists).filter(([, values]) => values.length > 0);
  return Object.fromEntries(
    present.map(([name, values]) => [
      name,
      { DataType: 'String.Array', StringValue: JSON.stringify([...new Set(values)]) },
    ]),
  );
}

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

/** A custom notification of Amazon Q Developer in chat applications ("Custom notifications" in its guide). */
function chatOf({ sentence, reasons, steps, facts, mark }: Told, service: string) {
  const { id, symbol, eventType, thread, keywords, resources } = mark;
  const lines = [
    ...reasons.map((reason) => `• ${escaped(reason)}`),
    ...facts.map(([label, value]) => `*${label}:* ${escaped(value)}`),
  ];
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: `${symbol} ${escaped(sentence)}`,
      description: lines.join('\n'),
      ...(steps.length > 0 && { nextSteps: steps.map(escaped) }),
      keywords: [service, ...keywords],
    },
    metadata: {
      // The messages of one trigger form a thread.
      threadId: `${service}/${thread}`,
      summary: escaped(sentence),
      eventType,
      ...(resources.length > 0 && { relatedResources: resources }),
    },
  };
}

/** Underscores within a word do not format. */
const UNDERSCORE = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/** Amazon Q hands the text on to Slack or Teams, where `[label](address)` puts a label of its own over an address. */
function escaped(text: string): string {
  return forSlack(text.replace(UNDERSCORE, 'ˍ').replaceAll('](', '] ('));
}
