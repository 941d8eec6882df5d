import { expect, test } from 'vitest';
import { details, table } from '../../lib/cli/table.ts';

const plain = (_format: unknown, text: string) => text;

test('columns are aligned under their headings, and no row means no table', () => {
  const rows = [
    ['1', 'one'],
    ['200', ''],
  ];
  expect(table(['N', 'WORD'], rows, plain)).toBe('N    WORD\n1    one\n200\n');
  expect(table(['N', 'WORD'], [], plain)).toBe('');
});

test('what others wrote begins no line, in a cell or as a name', () => {
  expect(table(['N'], [['a\n✓ b']], plain)).toBe('N\na ✓ b\n');
  expect(details([['a\n✓ b', 'c']], plain)).toBe('  a ✓ b  c\n');
});

test.each([
  ['a long value goes on below itself', 'four words of text', 'name  four words\n        of text'],
  ['a word that is too long stays whole', 'x'.repeat(30), `name  ${'x'.repeat(30)}`],
  ['what others wrote looks like no other line', 'a\n✓ b\tc', 'name  a ✓ b c'],
  ['zero is a value', 0, 'name  0'],
])('%s', (_, value, text) => {
  const rows = [
    ['name', value],
    ['absent', undefined],
  ] as const;
  expect(details(rows, plain, 18)).toBe(`  ${text}\n`);
});
