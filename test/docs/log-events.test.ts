import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LEVELS } from '../../lambda/runtime/log.ts';

const root = new URL('../../', import.meta.url).pathname;
const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');

const rows = [
  ...read('docs/log-events.md').matchAll(/^\| `(\w+)` \| (\w+) \| .* \|(.*)\|.*\|$/gm),
].map(([, event = '', level = '', fields = '']) => ({ event, level, fields }));
const code = globSync('lambda/**/*.ts', { cwd: root })
  .filter((file) => file !== 'lambda/runtime/log.ts')
  .map(read)
  .join('\n');

test('the document explains every log event with its level, and no other', () => {
  expect(Object.fromEntries(rows.map(({ event, level }) => [event, level]))).toEqual(LEVELS);
  expect(rows).toHaveLength(Object.keys(LEVELS).length);
});

test('the code logs every event', () => {
  expect(rows.filter(({ event }) => !code.includes(`'${event}'`))).toEqual([]);
});

test.each(rows)('the code knows every field of $event', ({ fields }) => {
  const named = [...fields.replaceAll(/\([^)]*\)/g, '').matchAll(/`(\w+)`/g)];
  const unknown = named.filter(([, field]) => !new RegExp(`\\b${field}\\b`).test(code));
  expect(unknown.map(([, field]) => field)).toEqual([]);
});

test('every error says what a person does', () => {
  const idle = [
    ...read('docs/log-events.md').matchAll(/^\| `(\w+)` \| error \|.*\| nothing \|$/gm),
  ];
  expect(idle.map(([, event]) => event)).toEqual([]);
});
