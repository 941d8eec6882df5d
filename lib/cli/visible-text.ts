/** A colour sequence, or one character that a terminal does not show as a character; tabs and line ends stay. */
const INVISIBLE = /\p{Cc}\[[0-9;]*m|(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What `style` writes after the escape character (node:util, styleText). */
const OWN_STYLE = /^\[(?:[0-479]|2[2-9]|[34]\d|9[0-7]|10[0-7])m$/;
const ESCAPE = '\u001b';

/**
 * The text with every control, escape and bidirectional character written like `\u202e`, except our own colours. What
 * the API, a delivery or a file says can then neither move the cursor nor set the clipboard, and reads from left to
 * right. In JSON text the result means the same.
 */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (found) => {
    const [first = '', ...rest] = found;
    const isOwn = first === ESCAPE && OWN_STYLE.test(rest.join(''));
    return isOwn ? found : escaped(first) + rest.join('');
  });
}

/** JSON's form: two escapes for a character beyond 16 bits. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const code = character.charCodeAt(index).toString(16);
    return `\\u${code.padStart(4, '0')}`;
  }).join('');
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
