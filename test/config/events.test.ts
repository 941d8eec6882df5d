import { expect, test } from 'vitest';
import { load, output, withLines } from './temporary-file.ts';

/** A sound file whose trigger nightly has these events, from line 8 on. */
const withEvents = (...events: string[]) =>
  withLines('events:', ...events.map((event) => `  - ${event}`));

const SMOKE = `  smoke:\n    runTestId: 3c90c3cc-0d44-4b50-8888-8dd25736052a\n    execute: { selectAll: true }\n`;

test('events come out in normal form', () => {
  const text = withEvents(
    '{ pattern: { source: [aws.codepipeline], detail: { state: [SUCCEEDED] } }, allow: [scenarioIds] }',
    '{ pattern: { source: [shop] }, bus: orders, coalesce: 2 minutes }',
    '{ after: smoke }',
    '{ after: smoke, kinds: [passed, failed] }',
  );
  const result = load(text + SMOKE);
  expect(result.ok && result.config.triggers.nightly?.events).toEqual([
    {
      pattern: { source: ['aws.codepipeline'], detail: { state: ['SUCCEEDED'] } },
      bus: 'default',
      allow: ['scenarioIds'],
    },
    { pattern: { source: ['shop'] }, bus: 'orders', coalesceMinutes: 2 },
    { after: 'smoke', kinds: ['passed'] },
    { after: 'smoke', kinds: ['passed', 'failed'] },
  ]);
});

const EVENT = 'triggers.nightly.events[0]';

test.each([
  ['{}', `8:9 error ${EVENT}: has neither pattern nor after; write one of the two`],
  [
    '{ pattern: {} }',
    `8:11 error ${EVENT}.pattern: is empty and would match nothing; name at least a source`,
  ],
  [
    '{ pattern: { source: aws.s3 } }',
    `8:30 error ${EVENT}.pattern.source: must be a list of the values that match: ["aws.s3"]`,
  ],
  [
    '{ pattern: { source: [] } }',
    `8:22 error ${EVENT}.pattern.source: is empty and would match nothing; write a value`,
  ],
  [
    '{ pattern: { detailType: [x] } }',
    `8:22 error ${EVENT}.pattern.detailType: is not a key of an event - did you mean "detail-type"?`,
  ],
  [
    '{ pattern: { detail: { a: [{ prefx: x }] } } }',
    `8:45 error ${EVENT}.pattern.detail.a[0].prefx: is not an operator of EventBridge - did you mean "prefix"?`,
  ],
  [
    '{ pattern: { detail: { a: [{ prefix: x, suffix: y }] } } }',
    `8:36 error ${EVENT}.pattern.detail.a[0]: must have exactly one operator`,
  ],
  [
    '{ pattern: { detail: { a: [{ numeric: [">"] }] } } }',
    `8:38 error ${EVENT}.pattern.detail.a[0].numeric: must be one comparison or two, such as [">", 0, "<=", 5]`,
  ],
  [
    '{ pattern: { detail: { a: [{ exists: yes }] } } }',
    `8:46 error ${EVENT}.pattern.detail.a[0].exists: must be true or false`,
  ],
  [
    '{ pattern: { detail: { a: [{ anything-but: [1, x] }] } } }',
    `8:38 error ${EVENT}.pattern.detail.a[0].anything-but: must be a text, a number, a list of one kind, or { prefix: text }`,
  ],
  [
    '{ pattern: { $or: [{ source: [x] }] } }',
    `8:22 error ${EVENT}.pattern["$or"]: must be a list of at least two patterns`,
  ],
  [
    '{ pattern: { source: [x] }, after: smoke }',
    `8:44 error ${EVENT}.after: is written beside pattern; write one of the two`,
  ],
  [
    '{ pattern: { source: [run-test-trigger] } }',
    `8:22 error ${EVENT}.pattern.source: is this service itself; write after: <trigger> instead, which cannot go round in a circle`,
  ],
  [
    '{ pattern: { detail: { a: [b] } }, bus: run-test-trigger-staging }',
    `8:49 error ${EVENT}.bus: is this service’s own; write after: <trigger> instead, which cannot go round in a circle`,
  ],
  [
    '{ after: smoke, bus: default }',
    `8:30 error ${EVENT}.bus: is for a pattern; the end of a trigger is on the service’s own bus`,
  ],
  ['{ after: smoke, kinds: [started] }', `8:33 error ${EVENT}.kinds[0]: "started" is not allowed`],
  [
    '{ after: smok }',
    `8:18 error ${EVENT}.after: "smok" is not a trigger of this file - did you mean "smoke"?`,
  ],
  [
    '{ after: nightly }',
    `8:18 error ${EVENT}.after: goes round in a circle, which would never end: nightly after nightly`,
  ],
])('%s is refused', (event, expected) => {
  expect(output(withEvents(event) + SMOKE)).toContain(`triggers.yaml:${expected}`);
});

test('a long way round is a circle, too', () => {
  const ring = `${SMOKE}    events: [{ after: third }]\n${SMOKE.replace('smoke', 'third')}    events: [{ after: nightly }]\n`;
  expect(output(withEvents('{ after: smoke }') + ring)).toContain(
    `${EVENT}.after: goes round in a circle, which would never end: nightly after smoke after third after nightly\n`,
  );
});

test('a trigger that is not followed has no end', () => {
  expect(output(`${withEvents('{ after: smoke }')}${SMOKE}    follow: false\n`)).toContain(
    `${EVENT}.after: smoke has follow: false, so its end is never known; follow it\n`,
  );
});

test.each([
  '{ source: [{ prefix: aws. }], detail: { a: [{ anything-but: { prefix: [x, y] } }, null, 1, true] } }',
  '{ $or: [{ source: [a] }, { source: [b] }], detail: { n: [{ numeric: [">=", 0, "<", 5] }] } }',
  '{ source: [a], detail: { ip: [{ cidr: 10.0.0.0/24 }], w: [{ wildcard: a*b }], e: [{ exists: false }] } }',
  '{ source: [a], detail: { n: [{ suffix: { equals-ignore-case: .PNG } }, { equals-ignore-case: x }] } }',
])('the pattern %s is one of EventBridge', (pattern) => {
  expect(output(withEvents(`{ pattern: ${pattern} }`))).toBe('');
});
