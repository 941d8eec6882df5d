import { readFileSync } from 'node:fs';

/** docs/webhooks.md. */
export const text = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', code = '']) => ({ language, code }),
);
/** Its code blocks in a language, in their order. */
export const inLanguage = (language: string) =>
  blocks.filter((block) => block.language === language).map(({ code }) => code);
