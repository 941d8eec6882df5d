import { createHmac } from 'node:crypto';
import type { Channel } from '../config/deployed-config.ts';
import { EVENT_KINDS, type EventKind } from '../firing/event-kind.ts';
import type { Published } from '../firing/service-event.ts';
import type { Facts } from './facts.ts';
import type { Told } from './told.ts';
import { cut } from './words.ts';

/** A request that brings a message to its receiver. The address may itself be the secret: it is in no log or error. */
export interface ChannelRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a test sends in place of an event: nothing has happened. */
export interface TestNotice {
  readonly kind: 'test';
  readonly id: string;
  readonly time: string;
  /** Closes what the same notice without it has opened. */
  readonly isOver?: true;
}

/** Every channel makes its own body of it. */
export interface Message {
  readonly told: Told;
  readonly detail: Published | TestNotice;
  /** The stack's name. */
  readonly service: string;
}

/**
 * The requests for a channel; none where this receiver has no use for such an event. Pure.
 * @param secret the value of the channel's secret.
 */
export function requestsOf(
  channel: Channel,
  secret: string,
  message: Message,
  now: Date,
): ChannelRequest[] {
  if (channel.kind === 'slack') return [posted(secret, slackBody(message.told))];
  if (channel.kind === 'teams') return [posted(secret, teamsBody(message.told))];
  if (channel.kind === 'webhook') return [signed(channel.url, secret, message.detail, now)];
  const url = 'url' in channel ? channel.url : PAGER_DUTY;
  return pagerDutyBodies(secret, message).map((body) => posted(url, body));
}

/** Each receiver has the longest text that its reference names, less some room. */
const SLACK_HEADER = 150;
const SLACK_SECTION = 2_900;
const TEAMS_TEXT = 8_000;
const PAGER_DUTY_SUMMARY = 1_024;
const PAGER_DUTY_DETAILS = 10_000;
const PAGER_DUTY = 'https://events.pagerduty.com/v2/enqueue';

/** Block Kit for an incoming webhook (Slack API, "Sending messages using incoming webhooks"). */
function slackBody({ sentence, reasons, steps, facts, mark }: Told): object {
  const section = (text: string) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: cut(text, SLACK_SECTION), verbatim: true },
  });
  const list = reasons.map((reason) => `• ${forSlack(reason)}`).join('\n');
  const toDo = steps.map((step) => (isCommand(step) ? `\`${forSlack(step)}\`` : forSlack(step)));
  const { texts, links } = apart(facts);
  const lines = texts.map(([label, value]) => `*${label}* ${forSlack(value)}`).join('\n');
  const addresses = links.map(([label, url]) => `<${forSlack(url)}|${label}>`).join(' · ');
  const title = cut(`${mark.symbol} ${sentence}`, SLACK_HEADER);
  return {
    text: forSlack(title),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title } },
      ...[list, toDo.join('\n'), lines, addresses].filter(Boolean).map(section),
    ],
  };
}

/**
 * Text from the API must not call a whole channel, as `<!here>` does (Slack, "Escaping text"), put a label of its own
 * over an address, or look like one of our labels, which are bold.
 */
export function forSlack(text: string): string {
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return plain.replace(/[*~`]/g, (mark) => LOOK_ALIKE[mark] ?? mark);
}

/** Pages of ours can be opened; an address in words of the API stays text. */
function apart(facts: Facts): { readonly texts: Facts; readonly links: Facts } {
  const isLink = ([, value]: Facts[number]) => /^https:\/\/[^\s|]+$/.test(value);
  return { texts: facts.filter((fact) => !isLink(fact)), links: facts.filter(isLink) };
}

/** What Slack and Teams would make bold, struck, code or a link of, and what looks like it. */
const LOOK_ALIKE: Readonly<Record<string, string>> = { '*': '∗', '~': '∼', '`': 'ˋ', '[': '［' };

const isCommand = (step: string) => step.startsWith('npx ');

/** An Adaptive Card for a workflow's webhook (Microsoft Teams, "Create incoming webhooks with Workflows"). */
function teamsBody({ sentence, reasons, steps, facts, mark }: Told): object {
  const { texts, links } = apart(facts);
  const block = (text: string, style: object = {}) => ({
    type: 'TextBlock',
    text: cut(text, TEAMS_TEXT),
    wrap: true,
    ...style,
  });
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      block(`${mark.symbol} ${forTeams(sentence)}`, { weight: 'bolder', size: 'medium' }),
      ...reasons.map((reason) => block(`- ${forTeams(reason)}`, { spacing: 'small' })),
      ...steps.map((step) =>
        block(forTeams(step), isCommand(step) ? { fontType: 'monospace' } : { spacing: 'medium' }),
      ),
      {
        type: 'FactSet',
        facts: texts.map(([title, value]) => ({ title, value: forTeams(value) })),
      },
    ],
    ...(links.length > 0 && {
      actions: links.map(([title, url]) => ({ type: 'Action.OpenUrl', title, url })),
    }),
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content: card }] };
}

/** A card's text is Markdown; `<at>` is a mention only with an entity, which we never send. */
function forTeams(text: string): string {
  return text.replace(/[*~`[]/g, (mark) => LOOK_ALIKE[mark] ?? mark);
}

/** An incident is opened by a problem, and closed when its trigger has recovered (PagerDuty, "Events API v2"). */
function pagerDutyBodies(routingKey: string, message: Message): object[] {
  const { detail, service, told } = message;
  if (detail.kind === 'summary') return [];
  if (detail.kind === 'test') {
    const test = { routing_key: routingKey, dedup_key: `${service}/test` };
    if (detail.isOver) return [{ ...test, event_action: 'resolve' }];
    const about = { source: service, severity: 'info', timestamp: detail.time };
    return [{ ...test, event_action: 'trigger', payload: { summary: told.sentence, ...about } }];
  }
  const events = detail.kind === 'several' ? detail.events : [detail];
  const over = events.filter(({ kind }) => kind === 'recovered');
  const problems = events.filter(({ kind }) => EVENT_KINDS[kind].group === 'problem');
  const key = detail.kind === 'several' ? detail.id : detail.trigger;
  return [
    ...over.map(({ trigger }) => ({
      routing_key: routingKey,
      dedup_key: `${service}/${trigger}`,
      event_action: 'resolve',
    })),
    ...(problems.length > 0 ? [incident(routingKey, key, problems, message)] : []),
  ];
}

function incident(
  routingKey: string,
  key: string,
  problems: readonly { readonly kind: EventKind }[],
  { told: { sentence, reasons, steps, facts, mark }, detail, service }: Message,
): object {
  const { texts, links } = apart(facts);
  const details = [...reasons, ...steps, ...texts.map(([label, value]) => `${label}: ${value}`)];
  const isCritical = problems.some(({ kind }) => EVENT_KINDS[kind].severity === 'critical');
  return {
    routing_key: routingKey,
    dedup_key: `${service}/${key}`,
    event_action: 'trigger',
    payload: {
      summary: cut(sentence, PAGER_DUTY_SUMMARY),
      source: service,
      severity: isCritical ? 'critical' : 'error',
      timestamp: detail.time,
      component: key,
      class: mark.eventType,
      custom_details: { message: cut(details.join('\n'), PAGER_DUTY_DETAILS) },
    },
    ...(links.length > 0 && { links: links.map(([text, href]) => ({ href, text })) }),
  };
}

/** Signed as Standard Webhooks are (standardwebhooks.com); `webhook-id` is the event's id, the same in each copy. */
function signed(url: string, secret: string, detail: Message['detail'], now: Date): ChannelRequest {
  const body = JSON.stringify({
    type: `run-test-trigger.${detail.kind}`,
    timestamp: detail.time,
    data: detail,
  });
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key)
    .update(`${detail.id}.${timestamp}.${body}`)
    .digest('base64');
  return {
    url,
    headers: {
      ...JSON_TYPE,
      'webhook-id': detail.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
    body,
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

function posted(url: string, body: object): ChannelRequest {
  return { url, headers: JSON_TYPE, body: JSON.stringify(body) };
}
