import { EVENT_KINDS } from '../firing/event-kind.ts';
import type { ServiceEvent } from '../firing/service-event.ts';
import { type Facts, reasonsOf } from './facts.ts';

/** A custom notification of Amazon Q Developer in chat applications ("Custom notifications" in its guide). */
export function chatOf(event: ServiceEvent, service: string, headline: string, facts: Facts) {
  const { symbol, detailType } = EVENT_KINDS[event.kind];
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
      title: `${symbol} ${headline}`,
      description: lines.join('\n'),
      ...(event.what_to_do && { nextSteps: [escaped(event.what_to_do)] }),
      keywords: [service, event.trigger, event.kind],
    },
    metadata: {
      // The messages of one trigger form a thread.
      threadId: `${service}/${event.trigger}`,
      summary: headline,
      eventType: detailType,
      ...(resources.length > 0 && { relatedResources: resources }),
    },
  };
}

/**
 * Text from the API must not notify a whole channel, as `<!here>` does in Slack (its "Escaping text"), nor put a label
 * of its own over an address, as `[label](address)` does in Teams.
 */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('](', '] (');
}
