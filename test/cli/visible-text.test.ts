import { PassThrough } from 'node:stream';
import { styleText } from 'node:util';
import { expect, test } from 'vitest';
import { visible, visibleOutput } from '../../lib/cli/visible-text.ts';

test.each([
  ['a clipboard that is set', '\x1b]52;c;cm0gLXJm\x07', '\\u001b]52;c;cm0gLXJm\\u0007'],
  [
    'a link that shows another address',
    '\x1b]8;;http://evil\x1b\\ok',
    '\\u001b]8;;http://evil\\u001b\\ok',
  ],
  ['a cursor that moves up', 'a\x1b[1A\x1b[2Kb', 'a\\u001b[1A\\u001b[2Kb'],
  ['a line that is overwritten', 'failed\rpassed', 'failed\\u000dpassed'],
  ['hidden text', '\x1b[8msecret\x1b[0m', '\\u001b[8msecret\x1b[0m'],
  ['a control character of eight bits', '\x9b1A', '\\u009b1A'],
  ['text that reads from right to left', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
  ['text of no width', 'a\u200bb', 'a\\u200bb'],
  ['an ordinary text', 'Grüße, 世界 ✓\t→\n', 'Grüße, 世界 ✓\t→\n'],
])('%s is shown as it is', (_name, text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('our own colours stay', () => {
  const text = styleText(['bold', 'red'], 'failed', { validateStream: false });
  expect(visible(text)).toBe(text);
});

test('in JSON the result means the same', () => {
  const text = JSON.stringify({ message: 'a\u202eb\x9bc\x1bd' });
  expect(JSON.parse(visible(text))).toEqual(JSON.parse(text));
});

test('a stream writes visible text and keeps everything else', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  const output = visibleOutput(stream);
  output.write('a\x1b]0;b\n');
  expect(String(stream.read())).toBe('a\\u001b]0;b\n');
  expect([output.isTTY, output.columns]).toEqual([true, 80]);
});
