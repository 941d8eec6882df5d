import { randomInt } from 'node:crypto';

const COLOUR_BEGINS = '\u001b[';

/**
 * What stands in our own colour sequences and, since it is as random as a key, in nobody else's. Numbers, so that such
 * a sequence still counts as one (node:util, stripVTControlCharacters).
 */
const KEY = Array.from({ length: 8 }, () => `${randomInt(1_000, 10_000)};`).join('');

/**
 * One of our own colours, or one character that a terminal does not show as a character, blank letters among them. Tabs,
 * line ends and the variation of an emoji (U+FE0F) stay.
 */
const INVISIBLE = new RegExp(
  String.raw`${RegExp.escape(COLOUR_BEGINS + KEY)}|(?![\n\t\ufe0f])[\p{Cc}\p{Cf}\p{DI}\p{Zl}\p{Zp}\u2800]`,
  'gu',
);

/** Colour sequences (node:util, styleText), marked as ours for `visible`. */
export function ownColour(sequences: string): string {
  return sequences.replaceAll(COLOUR_BEGINS, COLOUR_BEGINS + KEY);
}

/**
 * The text with every control, escape and bidirectional character written like `\u202e`, except our own colours. What
 * the API, a delivery or a file says can then neither move the cursor, set the clipboard nor look like a verdict of
 * ours, and reads from left to right. In JSON text the result means the same.
 */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (found) => (found.length > 2 ? COLOUR_BEGINS : escaped(found)));
}

/** JSON's form: two escapes for a character beyond 16 bits. */
function escaped(character: string): string {
  const codes = character.split('').map((unit) => unit.charCodeAt(0).toString(16));
  return codes.map((code) => `\\u${code.padStart(4, '0')}`).join('');
}

/** The stream, to which only visible text is written. */
export function visibleOutput<T extends NodeJS.WritableStream>(stream: T): T {
  const write = (chunk: string | Uint8Array, ...rest: unknown[]) =>
    Reflect.apply(stream.write, stream, [
      typeof chunk === 'string' ? visible(chunk) : chunk,
      ...rest,
    ]);
  return new Proxy(stream, {
    get(target, key) {
      if (key === 'write') return write;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
