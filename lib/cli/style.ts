import { styleText } from 'node:util';

/** Colours a text, or leaves it as it is. */
export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

/** Colours for a terminal or with FORCE_COLOR; none for a pipe or with NO_COLOR. */
export function styleFor(stream: NodeJS.WritableStream): Style {
  return (format, text) => styleText(format, text, { stream });
}
