import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { serviceEventJsonSchema, triggersJsonSchema } from '../../lib/config/json-schema.ts';
import { withLines } from './temporary-file.ts';

const committed = readFileSync(
  new URL('../../lib/config/triggers.schema.json', import.meta.url),
  'utf8',
);
const isValid = new Ajv().compile(JSON.parse(committed));

test('triggers.schema.json is what npm run schema writes', () => {
  expect(committed).toBe(triggersJsonSchema());
});

test('service-event.schema.json is what npm run schema writes', () => {
  const file = new URL('../../docs/service-event.schema.json', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(serviceEventJsonSchema());
});

test('the example names the JSON Schema and satisfies it', () => {
  const text = readFileSync(new URL('../fixtures/triggers.yaml', import.meta.url), 'utf8');
  expect(text.split('\n')[0]).toBe(
    '# yaml-language-server: $schema=./lib/config/triggers.schema.json',
  );
  expect(isValid(parse(text))).toBe(true);
});

test.each([
  ['an unknown key', withLines('retries: 3')],
  ['a schedule with two kinds', withLines('schedules:', '  - { cron: 0 2 * * *, rate: 1 hour }')],
  ['a schedule with no kind', withLines('schedules:', '  - { enabled: true }')],
  ['a missing secret', withLines().replace('secret: key', '')],
])('the JSON Schema refuses %s', (_, text) => {
  expect(isValid(parse(text))).toBe(false);
});

test('every key has a description for the editor', () => {
  const bare: string[] = [];
  const visit = (node: Record<string, unknown>, path: string): void => {
    for (const [key, value] of Object.entries(Object(node.properties ?? {}))) {
      const child: Record<string, unknown> = Object(value);
      if (typeof child.description !== 'string') bare.push(`${path}.${key}`);
      visit(child, `${path}.${key}`);
    }
    if (typeof node.items === 'object') visit(Object(node.items), `${path}[]`);
    if (typeof node.additionalProperties === 'object')
      visit(Object(node.additionalProperties), `${path}.*`);
  };
  visit(JSON.parse(committed), '');
  expect(bare).toEqual([]);
});
