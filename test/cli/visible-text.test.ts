import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { styleFor } from '../../lib/cli/style.ts';
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
  ['hidden text', '\x1b[8msecret\x1b[0m', '\\u001b[8msecret\\u001b[0m'],
  ['a verdict in our colour', '\x1b[32mpassed\x1b[39m', '\\u001b[32mpassed\\u001b[39m'],
  ['a control character of eight bits', '\x9b1A', '\\u009b1A'],
  ['text that reads from right to left', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
  ['a letter that is blank', 'a\u3164b\u115fc\u2800d', 'a\\u3164b\\u115fc\\u2800d'],
  ['a hidden tag', 'a\u{e0041}', 'a\\udb40\\udc41'],
  ['an emoji', 'a ⚠\ufe0f b', 'a ⚠\ufe0f b'],
  ['text of no width', 'a\u200bb', 'a\\u200bb'],
  ['an ordinary text', 'Grüße, 世界 ✓\t→\n', 'Grüße, 世界 ✓\t→\n'],
])('%s is shown as it is', (_name, text, shown) => {
  expect(visible(text)).toBe(shown);
});

const terminal = Object.assign(new PassThrough(), { isTTY: true });

test('our own colours stay, also one within another', () => {
  const style = styleFor(terminal);
  const text = style(['bold', 'red'], `failed ${style('dim', 'at last')}`);
  expect(visible(text)).toBe('\x1b[1m\x1b[31mfailed \x1b[2mat last\x1b[22m\x1b[39m\x1b[22m');
  expect(stripVTControlCharacters(text)).toBe('failed at last');
});

test('a colour around foreign text does not make its escapes ours', () => {
  const text = styleFor(terminal)('red', 'no\x1b[32mpassed');
  expect(visible(text)).toBe('\x1b[31mno\\u001b[32mpassed\x1b[39m');
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
