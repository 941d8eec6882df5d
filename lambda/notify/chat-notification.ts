import type { Told } from './told.ts';

/** A custom notification of Amazon Q Developer in chat applications ("Custom notifications" in its guide). */
export function chatOf({ sentence, reasons, steps, facts, mark }: Told, service: string) {
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

/** What Slack and Teams would make bold, italic, struck or code of, and what looks like it. */
const LOOK_ALIKE: Readonly<Record<string, string>> = { '*': '∗', '~': '∼', '`': 'ˋ', _: 'ˍ' };
/** Underscores within a word do not format. */
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
