import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

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
