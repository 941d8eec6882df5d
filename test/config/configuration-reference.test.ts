import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configurationReference } from '../../lib/config/configuration-reference.ts';
import { triggersJsonSchema } from '../../lib/config/json-schema.ts';
import { load, output } from './temporary-file.ts';

const read = (file: string) => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
const schema = JSON.parse(triggersJsonSchema());

test('configuration.md is what npm run schema writes', () => {
  expect(configurationReference(schema, parse(read('every-key.yaml')))).toBe(
    read('configuration.md'),
  );
});

test('the examples are a sound triggers file', () => {
  expect(output(read('every-key.yaml'))).toBe('');
  expect(load(read('every-key.yaml')).ok).toBe(true);
});

test('a key without an example stops the reference', () => {
  const examples = { ...parse(read('every-key.yaml')), ledger: {} };
  expect(() => configurationReference(schema, examples)).toThrow(
    'docs/every-key.yaml has no example of ledger.retentionDays',
  );
});

test('a key without a description stops the reference', () => {
  const bare = { properties: { hue: { type: 'string' } } };
  expect(() => configurationReference(bare, { hue: 'red' })).toThrow(
    'hue has no description in the schema',
  );
});

test('a key says what it may be, whether it is required, and its default', () => {
  const object = {
    required: ['size'],
    properties: {
      size: { type: 'integer', minimum: 1, maximum: 9, description: 'How | big.' },
      hue: { enum: ['red', 'blue'], default: 'red', description: 'Its colour.' },
    },
  };
  expect(configurationReference(object, { size: 4, hue: 'blue' })).toContain(`
| \`size\` | whole number 1 to 9 | **required** | \`4\` | How \\| big. |
| \`hue\` | \`red\`, \`blue\` | \`red\` | \`blue\` | Its colour. |
`);
});
