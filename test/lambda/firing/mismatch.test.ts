import { expect, test } from 'vitest';
import { mismatchOf } from '../../../lambda/firing/mismatch.ts';

const only = (...scenarioIds: string[]) => ({ selectAll: false, scenarioIds });
const except = (...scenarioIds: string[]) => ({ selectAll: true, scenarioIds });

test.each([
  ['exactly what was asked for', only('a', 'b'), ['b', 'a'], undefined],
  ['one too many', only('a'), ['a', 'b', 'c'], { surplus: ['b', 'c'], missing: [] }],
  ['one too few', only('a', 'b'), ['a'], { surplus: [], missing: ['b'] }],
  ['another one', only('a'), ['b'], { surplus: ['b'], missing: ['a'] }],
  ['nothing', only('a'), [], { surplus: [], missing: ['a'] }],
  ['what was not excluded', except('a'), ['b', 'c'], undefined],
  ['what was excluded', except('a'), ['a', 'b'], { surplus: ['a'], missing: [] }],
  ['anything, of all', except(), ['a'], undefined],
  ['what the answer does not tell', only('a'), undefined, undefined],
])('an execution of %s', (_name, selection, bought, mismatch) => {
  expect(mismatchOf(selection, bought)).toEqual(mismatch);
});
