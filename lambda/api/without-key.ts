import type { ApiKey } from './api-key.ts';

/**
 * The text with the key's values taken out, also where a server wrote them in other letters' case, escaped for JSON, a
 * URL or HTML (several times, too), or encoded in base64 or hexadecimal.
 */
export function withoutKey(text: string, key: ApiKey): string {
  const values = key.dialect === 'documented' ? [key.apiKey] : [key.apiKey, key.secretKey];
  return values.reduce((rest, value) => {
    const { plain, any } = formsOf(value);
    return mayHold(rest, plain) ? rest.replace(any, '[key]') : rest;
  }, text);
}

/** In how many ways a text may hold a value. */
interface Forms {
  /** Without escapes, in lower case. */
  readonly plain: readonly string[];
  readonly any: RegExp;
}

/** A text without the signs of escapes is not searched for them: the first such search takes 3 ms. */
function mayHold(text: string, plain: Forms['plain']): boolean {
  if (/[\\%&]/.test(text)) return true;
  const lower = text.toLowerCase();
  return plain.some((form) => lower.includes(form));
}

function formsOf(value: string): Forms {
  const known = FORMS.get(value);
  if (known) return known;
  const encodings = encodingsOf(value);
  const any = [anyEscapeOf(value), ...encodings.map((each) => RegExp.escape(each))];
  const plain = [value, ...encodings].map((form) => form.toLowerCase());
  const forms = { plain, any: new RegExp(any.join('|'), 'gi') };
  // Those of a key before its rotation are not asked for again.
  if (FORMS.size === MOST_FORMS) FORMS.clear();
  FORMS.set(value, forms);
  return forms;
}

/** By value: making them takes as long as many uses. */
const FORMS = new Map<string, Forms>();
const MOST_FORMS = 4;

/**
 * Each character as it is, with backslashes, as \u002f, %2f or &#x2f; and &#47;, or by its name in HTML. Each
 * repetition has a limit: without one, a megabyte of backslashes takes minutes.
 */
function anyEscapeOf(value: string): string {
  const characters = [...value].map((character) => {
    const code = character.charCodeAt(0);
    const hex = code.toString(16).padStart(2, '0');
    const forms = [
      `\\\\{0,7}${RegExp.escape(character)}`,
      `\\\\{1,7}u00${hex}`,
      `%(?:25){0,3}${hex}`,
      `&#x0{0,4}${hex};`,
      `&#0{0,4}${code};`,
      ...(HTML_NAMES[character] ?? []),
    ];
    return `(?:${forms.join('|')})`;
  });
  return characters.join('');
}

/** Less would be in many a text by chance. */
const LEAST_ENCODED = 8;

/** In base64 wherever in a longer text the value stands: without the characters that its neighbours share. */
function encodingsOf(value: string): string[] {
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.from(' '.repeat(before) + value);
    const own = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)] as const;
    return [bytes.toString('base64').slice(...own), bytes.toString('base64url').slice(...own)];
  });
  const inHex = Buffer.from(value).toString('hex');
  return [...inBase64, inHex].filter(({ length }) => length >= LEAST_ENCODED);
}

const HTML_NAMES: Readonly<Record<string, readonly string[]>> = {
  '&': ['&(?:amp;){1,3}'],
  '<': ['&lt;'],
  '>': ['&gt;'],
  '"': ['&quot;'],
};
