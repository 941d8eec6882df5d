import { expect, test } from 'vitest';
import { load, output, withLines } from './temporary-file.ts';

test.each([
  [
    'an unquoted star',
    withLines('schedules:', '  - cron: */5 * * * ? *'),
    'triggers.yaml:8:15 error YAML takes a value that begins with * for a reference, which this file cannot have; put it in quotes: "*/5 * * * ? *"',
  ],
  [
    'an alias',
    withLines('description: &a b', 'onUnknown: *a'),
    'triggers.yaml:8:16 error YAML takes a value that begins with * for a reference, which this file cannot have; put it in quotes: "*/5 * * * ? *"',
  ],
  [
    'a tab',
    withLines('schedules:', '\t- rate: 1 hour'),
    'triggers.yaml:8:5 error not valid YAML: a tab cannot indent; write spaces',
  ],
  [
    'an open quote',
    withLines('description: "x'),
    'triggers.yaml:7:18 error not valid YAML: the text that begins here has no closing quote',
  ],
  [
    'a missing colon',
    withLines('schedules'),
    'triggers.yaml:7:5 error not valid YAML: a colon is missing on this line, or the space behind it',
  ],
  [
    'a space less than the lines above',
    withLines().replace('    webhook', '   webhook'),
    'triggers.yaml:6:4 error not valid YAML: this line is not indented as the others of its map',
  ],
  [
    'a space more than the line above',
    withLines('onUnknown: hold', ' follow: true'),
    'triggers.yaml:8:6 error not valid YAML: this line is indented deeper than the one above, which has a value already\n\n1 error',
  ],
  [
    'an open bracket',
    withLines('schedules: [{ rate: 1 hour }', 'onUnknown: hold'),
    'triggers.yaml:8:5 error not valid YAML: a list above begins with [ and is not closed with ]',
  ],
  [
    'a value that begins with @',
    withLines('description: @qa'),
    'triggers.yaml:7:18 error not valid YAML: put a value that begins with this character in quotes',
  ],
  [
    'misspelt keys that are wanted',
    withLines('schedules: [{ corn: 0 2 * * ? * }]').replace('execute:', 'execut:'),
    `triggers.yaml:5:5 error triggers.nightly.execut: is not a known key - did you mean "execute"?
triggers.yaml:7:19 error triggers.nightly.schedules[0].corn: is not a known key - did you mean "cron"?

2 errors`,
  ],
  [
    'two documents',
    `${withLines()}---\na: 1\n`,
    'triggers.yaml:7:1 error a second YAML document begins here; only one is allowed, remove the line ---',
  ],
  [
    'a duplicate key',
    withLines('onUnknown: hold', 'onUnknown: hold'),
    'triggers.yaml:8:5 error triggers.nightly.onUnknown: is already defined on line 7; write each key once',
  ],
])('%s is an error', (_, text, expected) => {
  expect(output(text)).toContain(`${expected}\n`);
  expect(load(text).ok).toBe(false);
});
