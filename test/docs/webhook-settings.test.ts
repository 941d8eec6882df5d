import { expect, test } from 'vitest';
import { load } from '../config/temporary-file.ts';
import { inLanguage, text } from './webhooks-document.ts';

const triggerWith = (name: string, webhook: string) =>
  [
    `  ${name}:`,
    '    runTestId: 3c90c3cc-0d44-4b50-8888-8dd25736052a',
    '    execute: { selectAll: true }',
    ...webhook
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`),
    '',
  ].join('\n');
const fileOf = (...triggers: string[]) =>
  ['api: { secret: key }', 'defaults: { overlap: allow }', 'triggers:', ...triggers].join('\n');

const settings = inLanguage('yaml').filter((code) => code.startsWith('webhook:'));

test('the document shows eleven webhooks, two shell commands and two jobs', () => {
  expect(settings).toHaveLength(11);
  expect(inLanguage('sh')).toHaveLength(2);
  expect(inLanguage('yaml')).toHaveLength(13);
});

const named = [...text.matchAll(/^\| `(\w+)` \| [^|]* \| (`.*`) \|$/gm)].flatMap(
  ([, verify = '', examples = '']) =>
    [...examples.matchAll(/`([^`]+)`/g)].map(([, when = '']) => ({ verify, when })),
);

test('eleven examples are of senders by name', () => expect(named).toHaveLength(11));

test.each(named)('the example of $verify loads: $when', ({ verify, when }) => {
  const webhook = `webhook:\n  verify: ${verify}\n  secret: hook\n  when: ${when}`;
  expect(load(fileOf(triggerWith('example', webhook)))).toMatchObject({ ok: true });
});

test.each(settings)('the settings load: %s', (webhook) => {
  expect(load(fileOf(triggerWith('example', webhook)))).toMatchObject({ ok: true, warnings: [] });
});
