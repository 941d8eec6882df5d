import { EVENT_KINDS } from '../firing/event-kind.ts';
import type { ServiceEvent } from '../firing/service-event.ts';
import type { Told } from './told.ts';

/** A custom notification of Amazon Q Developer in chat applications ("Custom notifications" in its guide). */
export function chatOf(
  event: ServiceEvent,
  service: string,
  { sentence, reasons, steps, facts }: Told,
) {
  const { symbol, detailType } = EVENT_KINDS[event.kind];
  const resources = [event.firing, event.execution_id].flatMap((id) => id ?? []);
  const lines = [
    ...reasons.map((reason) => `• ${escaped(reason)}`),
    ...facts.map(([label, value]) => `*${label}:* ${escaped(value)}`),
  ];
  return {
    version: '1.0',
    source: 'custom',
    id: event.id,
    content: {
      textType: 'client-markdown',
      title: `${symbol} ${escaped(sentence)}`,
      description: lines.join('\n'),
      ...(steps.length > 0 && { nextSteps: steps.map(escaped) }),
      keywords: [service, event.trigger, event.kind],
    },
    metadata: {
      // The messages of one trigger form a thread.
      threadId: `${service}/${event.trigger}`,
      summary: escaped(sentence),
      eventType: detailType,
      ...(resources.length > 0 && { relatedResources: resources }),
    },
  };
}

/** What Slack and Teams would make bold, italic, struck or code of, and what looks like it. */
const LOOK_ALIKE: Readonly<Record<string, string>> = { '*': '∗', '~': '∼', '`': 'ˋ', _: 'ˍ' };
/** Underscores within a word are no format. */
const FORMAT = /[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/**
 * Text from the API must not notify a whole channel, as `<!here>` does in Slack (its "Escaping text"), put a label of
 * its own over an address, as `[label](address)` does in Teams, or look like one of our labels, which are bold.
 */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('](', '] (')
    .replace(FORMAT, (found) => LOOK_ALIKE[found] ?? found);
}
