import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const text = readFileSync(new URL('../../templates/run-test.yml', import.meta.url), 'utf8');

test('the component for GitLab uses every input, and only those', () => {
  const [header] = parseAllDocuments(text).map((document) => document.toJSON());
  const used = [...text.matchAll(/\$\[\[ inputs\.([a-z-]+) \]\]/g)].map(([, name]) => name);
  expect([...new Set(used)].toSorted()).toEqual(Object.keys(header.spec.inputs).toSorted());
});

test('no input of the component is part of a script, where it could be a command', () => {
  const script = text.slice(text.indexOf('  script:'), text.indexOf('  artifacts:'));
  expect(script).toContain('rtt fire');
  expect(script).not.toContain('$[[');
});

test('action.yml has the inputs and the outputs of the code', () => {
  const root = new URL('../../', import.meta.url);
  const { inputs, outputs, runs } = parse(readFileSync(new URL('action.yml', root), 'utf8'));
  const files = ['run-action', 'fire-by-webhook', 'after-cancel', 'inputs'];
  const code = files
    .map((file) => readFileSync(new URL(`lib/action/${file}.ts`, root), 'utf8'))
    .join('');
  const read = [...code.matchAll(/input\(environment, '([a-z-]+)'\)/g)].map(([, name]) => name);
  expect(Object.keys(inputs).toSorted()).toEqual([...new Set(read)].toSorted());
  expect(Object.keys(outputs)).toEqual([
    'firing',
    'execution-id',
    'verdict',
    'success-rate',
    'link',
  ]);
  expect(runs.using).toBe('node24');
});
