import { DETAIL_TYPES, type ServiceEvent } from '../firing/service-event.ts';
import { type Facts, reasonsOf } from './facts.ts';
import { SYMBOLS } from './headlines.ts';

/** A custom notification of Amazon Q Developer in chat applications ("Custom notifications" in its guide). */
export interface ChatNotification {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    /** The messages of one trigger form a thread. */
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources?: readonly string[];
  };
}

/** The notification of an event. */
export function chatOf(
  event: ServiceEvent,
  service: string,
  headline: string,
  facts: Facts,
): ChatNotification {
  const resources = [event.firing, event.execution_id].flatMap((id) => id ?? []);
  const lines = [
    ...facts.map(([label, value]) => `*${label}:* ${escaped(value)}`),
    ...reasonsOf(event).map((reason) => `• ${escaped(reason)}`),
    ...(event.link ? [event.link] : []),
  ];
  return {
    version: '1.0',
    source: 'custom',
    id: event.id,
    content: {
      textType: 'client-markdown',
      title: `${SYMBOLS[event.kind]} ${headline}`,
      description: lines.join('\n'),
      ...(event.what_to_do && { nextSteps: [escaped(event.what_to_do)] }),
      keywords: [service, event.trigger, event.kind],
    },
    metadata: {
      threadId: `${service}/${event.trigger}`,
      summary: headline,
      eventType: DETAIL_TYPES[event.kind],
      ...(resources.length > 0 && { relatedResources: resources }),
    },
  };
}

/** Words of the API must not mention a channel, as `<!here>` would in Slack (its "Escaping text"). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
