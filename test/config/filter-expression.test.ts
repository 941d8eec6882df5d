import { expect, test } from 'vitest';
import { readFilter } from '../../lib/config/filter-expression.ts';
import { output, withLines } from './temporary-file.ts';

function faults(text: string): string[] {
  const messages: string[] = [];
  const read = readFilter(text, (message) => void messages.push(message));
  expect(read === undefined).toBe(messages.length > 0);
  return messages;
}

test.each([
  `headers."x-github-event" == 'deployment_status' && body.deployment_status.state == 'success'`,
  "contains(body.labels[].name, 'it\\'s') || !(body.draft)",
  '!body || !(query.dry) || body.labels[?"is-open" == \'yes\' && @."a-b" == name]',
  'to_number(headers."content-length") > `100` && body.size >= `1.5` && query.a == `null`',
  "body.commits[?author.name == 'x'] | [0].id",
  'length(body.commits) > `2`',
  'sort_by(body.builds, &finished)[-1].ok',
  "let $env = query.env in $env == 'prod'",
  'body.{a: left, b: right}.a',
  '$.body.a',
])('%s is read', (text) => {
  expect(faults(text)).toEqual([]);
});

test.each([
  ['', 'is not JMESPath: invalid token (EOF): ""'],
  ['body.ref ==', 'is not JMESPath: invalid token (EOF): ""'],
  ["body.ref == 'main", 'is not JMESPath: a quote is not closed'],
  ['body.ref main', 'is not JMESPath: unexpected token type: UnquotedIdentifier, value: main'],
  ["body.ref = 'main'", 'has a single =; write == to compare'],
  ["event == 'push'", 'begins with event; a delivery has headers, body, query'],
  [
    "bodi.ref == 'main'",
    'begins with bodi; a delivery has headers, body, query - did you mean "body"?',
  ],
  [
    "contain(body.ref, 'x')",
    'calls contain(), which is not a function of jmespath.org - did you mean "contains"?',
  ],
  ["trim(body.x) == '/test'", 'calls trim(), which is not a function of jmespath.org'],
  ['pad_left(body.x, body.n)', 'calls pad_left(), which is not a function of jmespath.org'],
  [
    `headers."X-GitHub-Event" == 'push'`,
    'asks for the header "X-GitHub-Event"; write header names in lower case: headers."x-github-event"',
  ],
  [
    `body.ref == "main"`,
    `takes "main" for a field; write a text in single quotes: 'main' (or the field as @."main")`,
  ],
  [
    `body.labels[?name != "skip-tests"]`,
    `takes "skip-tests" for a field; write a text in single quotes: 'skip-tests' (or the field as @."skip-tests")`,
  ],
  [
    `contains(body.labels[].name, "run tests")`,
    `takes "run tests" for a field; write a text in single quotes: 'run tests' (or the field as @."run tests")`,
  ],
  [
    `"x-github-event" == 'push'`,
    'begins with x-github-event; a delivery has headers, body, query; a header is headers."x-github-event"',
  ],
  [
    `headers.x-gitlab == 'push'`,
    'begins with gitlab; a delivery has headers, body, query; put the header in quotes: headers."x-gitlab"',
  ],
  [
    '!body.draft',
    'has ! before a path, where it means the first name only; put the path in brackets: !(body.draft)',
  ],
  [
    "!body.labels[?name == 'x']",
    'has ! before a path, where it means the first name only; put the path in brackets: !(body.draft)',
  ],
  [
    "body.count > '5'",
    'compares the order of "5", and only numbers have one; write a number in backticks: `5`',
  ],
  ['query.count == `5`', "compares a text of query with 5; write '5'"],
  [
    'headers."content-length" > `5`',
    'compares a text of headers with 5; write to_number(headers.…)',
  ],
  [
    "'main' == 'main'",
    'reads nothing of the delivery, so it is the same for each; use headers, body or query',
  ],
])('%s is refused', (text, message) => {
  expect(faults(text)).toEqual([message]);
});

test('a bad expression is a problem with its place', () => {
  const text = withLines().replace('verify:', 'when: body.ref ==, verify:');
  expect(output(text)).toBe(
    'triggers.yaml:6:22 error triggers.nightly.webhook.when: is not JMESPath: invalid token (EOF): ""\n\n1 error\n',
  );
});
