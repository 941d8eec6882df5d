import { styleText } from 'node:util';
import { ownColour } from './visible-text.ts';

/** Colours a text, or leaves it as it is. */
export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

const TEXT = '|';

/** Colours for a terminal or with FORCE_COLOR; none for a pipe or with NO_COLOR. */
export function styleFor(stream: NodeJS.WritableStream): Style {
  return (format, text) => {
    const [begin = '', end = ''] = styleText(format, TEXT, { stream }).split(TEXT);
    // Escapes in the text itself stay what they are: somebody else's.
    return ownColour(begin) + text + ownColour(end);
  };
}
