import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { load, withLines } from '../config/temporary-file.ts';

const text = readFileSync(new URL('../../docs/starting-on-events.md', import.meta.url), 'utf8');
const recipes = [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

const SMOKE_TEST =
  '  smoke-test:\n    runTest: Smoke test\n    execute: { selectAll: true }\n    events: [{ pattern: { source: [shop] } }]\n';

function eventsIn(recipe: string, text = withLines(...recipe.trimEnd().split('\n'))) {
  const loaded = load(text + SMOKE_TEST);
  expect(loaded).toMatchObject({ ok: true, warnings: [] });
  return loaded.ok ? loaded.config.triggers.nightly?.events : undefined;
}

test.each(recipes)('the recipe loads: %s', (recipe) => {
  expect(eventsIn(recipe)).toHaveLength(1);
});

test('there are six recipes, and the first is the one that the local run is tested with', () => {
  const fixture = readFileSync(new URL('../fixtures/local-run.yaml', import.meta.url), 'utf8');
  const tested = load(fixture);
  expect(recipes).toHaveLength(6);
  expect(tested.ok && tested.config.triggers['by-pipeline']?.events).toEqual(
    eventsIn(recipes[0] ?? ''),
  );
});
