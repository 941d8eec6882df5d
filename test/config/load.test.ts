import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadTriggers } from '../../lib/config/load.ts';
import { runs } from '../support/runs.ts';
import { load, output, withLines } from './temporary-file.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
const example = fileURLToPath(new URL('../fixtures/triggers.yaml', import.meta.url));

test('the example loads without a warning, defaults applied', () => {
  expect(loadTriggers(example, NOW)).toEqual({
    ok: true,
    warnings: [],
    config: {
      api: { baseUrl: 'https://api.futureagi.com', secret: 'run-test-trigger/api-key' },
      reservedConcurrency: {
        trigger: 'unreserved',
        command: 'unreserved',
        webhook: 'unreserved',
        starter: 'unreserved',
      },
      ledger: { retentionDays: 90 },
      timezone: 'Europe/Berlin',
      notify: {
        email: [],
        on: [
          'failed',
          'inconclusive',
          'lost',
          'mismatch',
          'rejected',
          'unresolved',
          'expired',
          'missed',
          'recovered',
          'paused',
          'budget',
        ],
      },
      triggers: {
        'nightly-regression': {
          description: 'Every scenario, every weekday night',
          runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
          execute: { selectAll: true, scenarioIds: [] },
          schedules: [
            {
              expression: 'cron(0 2 ? * MON-FRI *)',
              times: {
                kind: 'cron',
                minutes: [0],
                hours: [2],
                day: { kind: 'weekdays', weekdays: [2, 3, 4, 5, 6] },
              },
              timezone: 'America/New_York',
              flexibleWindowMinutes: 15,
              enabled: true,
            },
          ],
          webhook: {
            verify: 'standard-webhooks',
            secret: 'run-test-trigger/webhooks/nightly-regression',
          },
          startDeadlineMinutes: 15,
          onUnknown: 'hold',
          unknownGraceMinutes: 10,
          follow: true,
          maxDurationMinutes: 360,
          missedAfterMinutes: 10,
          overlap: 'skip',
          pauseAfterRejected: 5,
        },
        'checkout-after-deploy': {
          description: 'The two checkout scenarios, whenever the deployment pipeline says so',
          runTestId: '8f14e45f-ceea-467f-a0e6-2d7d1a9c1b54',
          execute: {
            selectAll: false,
            scenarioIds: [
              '5b8a3f0e-6c1d-4a57-9e0b-7f2c4d1e9a33',
              'c9d1b6a2-0f4e-4c83-8b7a-1e5d3f6a2b90',
            ],
          },
          schedules: [],
          webhook: {
            verify: 'standard-webhooks',
            secret: 'run-test-trigger/webhooks/checkout-after-deploy',
          },
          startDeadlineMinutes: 15,
          onUnknown: 'hold',
          unknownGraceMinutes: 10,
          follow: true,
          maxDurationMinutes: 360,
          missedAfterMinutes: 10,
          overlap: 'skip',
          pauseAfterRejected: 5,
        },
      },
    },
  });
});

test('a really bad file shows every problem at once, in the order of the file', () => {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
  expect(output(read('./bad-triggers.yaml'))).toBe(read('./bad-triggers.txt'));
});

test.each([
  [
    'an empty file',
    '',
    'triggers.yaml:1:1 error the file is empty; it needs at least api and triggers',
  ],
  ['a list', '- 1', 'triggers.yaml:1:1 error must be a map of keys and values, not a list'],
  [
    'no triggers',
    'api: { secret: key }\ntriggers: {}',
    'triggers.yaml:2:1 error triggers: is empty; add a trigger',
  ],
  [
    'a long text that would steer the terminal',
    `api: "\\e[2Jred${'x'.repeat(100)}"\ntriggers: { a: 1 }`,
    `triggers.yaml:1:6 error api: must be a map of keys and values, not the text "\\x1b[2Jred${'x'.repeat(73)}…"\ntriggers.yaml:2:16 error triggers.a: must be a map of keys and values, not the number 1`,
  ],
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
    'triggers.yaml:8:5 error not valid YAML: Tabs are not allowed as indentation',
  ],
  [
    'an open quote',
    withLines('description: "x'),
    'triggers.yaml:8:1 error not valid YAML: Missing closing "quote',
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
  [
    '__proto__ as a name',
    'api: { secret: key }\ntriggers: { __proto__: {} }',
    'triggers.yaml:2:13 error triggers.__proto__: cannot be a key',
  ],
  [
    'names that differ in dashes',
    'api: { secret: key }\ntriggers:\n  a-b: &x {}\n  ab: {}\n'.replace('&x ', ''),
    'triggers.yaml:4:3 error triggers.ab: differs from "a-b" only in dashes, which CloudFormation drops; choose another name',
  ],
  [
    'a secret used twice',
    withLines().replace('secret: hook', 'secret: key'),
    'triggers.yaml:6:51 error triggers.nightly.webhook.secret: is also the secret of api; each needs its own',
  ],
  [
    'two schedules at the same times',
    withLines('schedules:', '  - { cron: 0 2 * * 1-5 }', '  - { cron: 0 2 ? * MON-FRI * }'),
    'triggers.yaml:9:9 error triggers.nightly.schedules[1]: fires at the same times as schedules[0] and would start a second execution; remove one of the two',
  ],
  [
    'an address that is none',
    `notify: { email: [qa@example] }\n${withLines()}`,
    'triggers.yaml:1:19 error notify.email[0]: "qa@example" is not an e-mail address; write it as team@example.com',
  ],
  [
    'an address twice',
    `notify: { email: [qa@example.com, QA@example.com] }\n${withLines()}`,
    'triggers.yaml:1:35 error notify.email[1]: is already in the list; remove it',
  ],
  [
    'a kind of event that there is not',
    `notify: { on: [fail] }\n${withLines()}`,
    'triggers.yaml:1:16 error notify.on[0]: "fail" is not allowed - did you mean "failed"?',
  ],
  [
    'a key of notify that there is not',
    `notify: { emails: [] }\n${withLines()}`,
    'triggers.yaml:1:11 error notify.emails: is not a known key - did you mean "email"?',
  ],
  [
    'a place inside quotes',
    withLines('schedules:', '  - cron: "0 25 * * ? *"'),
    'triggers.yaml:8:18 error triggers.nightly.schedules[0].cron: hours: "25" is out of range; allowed: 0-23 with , - * /',
  ],
  [
    'a window of two days',
    withLines('schedules:', '  - { cron: 0 2 * * *, flexibleWindow: 2 days }'),
    'triggers.yaml:8:44 error triggers.nightly.schedules[0].flexibleWindow: "2 days" is out of range; allowed: 1 minute to 1 day',
  ],
  [
    'an unknown zone',
    withLines('schedules:', '  - { cron: 0 2 * * *, timezone: europe/berlin }'),
    'triggers.yaml:8:38 error triggers.nightly.schedules[0].timezone: "europe/berlin" is not an IANA time zone - did you mean "Europe/Berlin"?',
  ],
  [
    'an abbreviation of a zone',
    withLines('schedules:', '  - { cron: 0 2 * * *, timezone: PST }'),
    'triggers.yaml:8:38 error triggers.nightly.schedules[0].timezone: "PST" is not an IANA time zone; allowed: UTC or a name such as Europe/Berlin',
  ],
  [
    'resend after the deadline',
    withLines('onUnknown: resend', 'unknownGrace: 15 minutes'),
    'triggers.yaml:7:16 error triggers.nightly.onUnknown: resend could never happen, because startDeadline ends before unknownGrace; make startDeadline longer than unknownGrace',
  ],
  [
    'an unknown overlap',
    withLines('overlap: queue'),
    'triggers.yaml:7:14 error triggers.nightly.overlap: "queue" is not allowed; allowed: skip, buffer-one, cancel-other, allow',
  ],
  [
    'an empty budget',
    withLines('budget: {}'),
    'triggers.yaml:7:5 error triggers.nightly.budget: has no limit; write at least one of perDay, perMonth, scenariosPerDay, scenariosPerMonth',
  ],
  [
    'a budget of nothing',
    withLines('budget: { perDay: 0 }'),
    'triggers.yaml:7:23 error triggers.nightly.budget.perDay: is out of range; allowed: at least 1',
  ],
  [
    'a pause after none',
    withLines('pauseAfterRejected: 0'),
    'triggers.yaml:7:25 error triggers.nightly.pauseAfterRejected: is out of range; allowed: at least 1',
  ],
  [
    'a wrong policy in defaults',
    `${withLines()}defaults: { overlap: skp, startDeadline: 2 days }\n`,
    'triggers.yaml:7:22 error defaults.overlap: "skp" is not allowed - did you mean "skip"?\ntriggers.yaml:7:42 error defaults.startDeadline: "2 days" is out of range; allowed: 1 minute to 1 day',
  ],
  [
    'an unknown dialect',
    withLines().replace('{ secret', '{ dialect: bearer, secret'),
    'triggers.yaml:1:17 error api.dialect: "bearer" is not allowed; allowed: documented, key-pair, current',
  ],
  [
    'a run test by id and by name',
    withLines('runTest: Checkout'),
    'triggers.yaml:7:14 error triggers.nightly.runTest: is written beside runTestId; write exactly one of the two',
  ],
  [
    'a run test by neither',
    withLines().replace(/ {4}runTestId.*\n/, ''),
    'triggers.yaml:3:3 error triggers.nightly.runTestId: is missing; write the run test’s id here, or its name as runTest',
  ],
  [
    'a name with white space around it',
    withLines('runTest: " Checkout"'),
    'triggers.yaml:7:14 error triggers.nightly.runTest: " Checkout" cannot be a name at the API; allowed: 1-255 characters without white space at either end',
  ],
  [
    'scenarios by id and by name',
    withLines().replace(
      'selectAll: true',
      'selectAll: true, scenarioIds: [3c90c3cc-0d44-4b50-8888-8dd25736052a], scenarios: [Beta]',
    ),
    'triggers.yaml:5:86 error triggers.nightly.execute.scenarios: is written beside scenarioIds; write either names or ids',
  ],
  [
    'a choice of no scenario by name',
    withLines().replace('selectAll: true', 'selectAll: false, scenarios: []'),
    'triggers.yaml:5:5 error triggers.nightly.execute.scenarioIds: is empty with selectAll: false, and the API runs every scenario when it gets no id; name the scenarios, or write selectAll: true to run all',
  ],
  [
    'a list whose items a merge key took away',
    withLines().replace('selectAll: true', 'selectAll: false, scenarioIds: , "<<": 1'),
    'triggers.yaml:5:34 error triggers.nightly.execute.scenarioIds: has no value; it must be a list',
  ],
  [
    'a list instead of an execute request',
    withLines().replace('{ selectAll: true }', '[selectAll]'),
    'triggers.yaml:5:5 error triggers.nightly.execute: must be a map of keys and values, not a list',
  ],
  [
    'an unknown zone beside a local time',
    withLines('schedules:', '  - { at: 2027-03-28T02:30:00, timezone: Europe/Berlim }'),
    'triggers.yaml:8:46 error triggers.nightly.schedules[0].timezone: "Europe/Berlim" is not an IANA time zone - did you mean "Europe/Berlin"?',
  ],
  [
    'a start that the clocks skip, beside an end without a value',
    withLines(
      'schedules:',
      '  - { rate: 1 hour, start: 2027-03-28T02:30:00, end: , timezone: Europe/Berlin }',
    ),
    'triggers.yaml:8:32 error triggers.nightly.schedules[0].start: 2027-03-28T02:30:00 does not exist in Europe/Berlin: the clocks skip it',
  ],
  [
    'a partial ARN',
    withLines().replace('secret: key', 'secret: arn:aws:secretsmanager:eu-central-1:1:secret:key'),
    'triggers.yaml:1:16 error api.secret: "arn:aws:secretsmanager:eu-central-1:1:secret:key" is not the full ARN of a secret; allowed: arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 characters>',
  ],
])('%s is an error', (_, text, expected) => {
  expect(output(text)).toContain(`${expected}\n`);
  expect(load(text).ok).toBe(false);
});

test.each([
  [
    'a trigger that only a person can fire',
    withLines().replace(/ {4}webhook.*\n/, ''),
    'triggers.yaml:3:3 warning triggers.nightly: has neither schedules nor a webhook, so it fires only when a person fires it',
  ],
  [
    'at in the past',
    withLines('schedules:', '  - at: 2026-11-23T08:00:00'),
    'triggers.yaml:8:13 warning triggers.nightly.schedules[0].at: is in the past, so it will not fire',
  ],
  [
    '31 February',
    withLines('schedules:', '  - cron: 0 0 31 2 ? *'),
    'triggers.yaml:8:15 warning triggers.nightly.schedules[0].cron: will not fire any more: all its times are in the past',
  ],
  [
    'a rate without start',
    withLines('schedules:', '  - rate: 6 hours'),
    'triggers.yaml:8:15 warning triggers.nightly.schedules[0].rate: without start, it fires as soon as it is deployed, and that execution costs money; write start to choose its first time',
  ],
])('%s is a warning', (_, text, expected) => {
  expect(output(text)).toBe(`${expected}\n\n1 warning\n`);
  expect(load(text).ok).toBe(true);
});

test.each([
  [
    'capitals in an id',
    withLines().replace('3c90c3cc', '3C90C3CC'),
    'runTestId',
    '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  ],
  [
    'a list around a link zone',
    withLines(
      'schedules:',
      '  - { rate: 1 hours, start: 2027-01-01T00:00:00, end: 2027-01-01T12:00:00+02:00, timezone: US/Eastern, enabled: false, flexibleWindow: 1 hour }',
    ),
    'schedules',
    [
      {
        expression: 'rate(1 hour)',
        times: { kind: 'rate', minutes: 60 },
        timezone: 'US/Eastern',
        flexibleWindowMinutes: 60,
        start: '2027-01-01T05:00:00Z',
        end: '2027-01-01T10:00:00Z',
        enabled: false,
      },
    ],
  ],
  ['lengths of time', withLines('startDeadline: 1 hour'), 'startDeadlineMinutes', 60],
] as const)('%s comes out in normal form', (_, text, key, expected) => {
  const result = load(text);
  expect(result.ok && result.config.triggers.nightly?.[key]).toEqual(expected);
});

test('names, the dialect and what a mismatch leads to are kept as written', () => {
  const text = withLines('onMismatch: cancel')
    .replace('{ secret', '{ dialect: current, secret')
    .replace(/runTestId: .*/, 'runTest: Checkout, 100 % / smoke')
    .replace('selectAll: true', 'selectAll: false, scenarios: [Beta]');
  const result = load(text);
  expect(result).toMatchObject({
    ok: true,
    config: {
      api: { dialect: 'current' },
      triggers: {
        nightly: {
          runTest: 'Checkout, 100 % / smoke',
          execute: { selectAll: false, scenarioIds: [], scenarios: ['Beta'] },
          onMismatch: 'cancel',
        },
      },
    },
  });
});

test('policies in defaults apply where a trigger says nothing', () => {
  const defaults =
    'defaults: { overlap: allow, startDeadline: 1 hour, onUnknown: resend, unknownGrace: 20 minutes, onMismatch: cancel, pauseAfterRejected: 3 }';
  const text = `${withLines('overlap: buffer-one', 'budget: { perDay: 20, perMonth: 300 }')}${defaults}\nbudget: { scenariosPerDay: 50 }\n`;
  const result = load(text);
  expect(result).toMatchObject({
    ok: true,
    config: {
      timezone: 'UTC',
      budget: { scenariosPerDay: 50 },
      triggers: {
        nightly: {
          overlap: 'buffer-one',
          budget: { perDay: 20, perMonth: 300 },
          startDeadlineMinutes: 60,
          onUnknown: 'resend',
          unknownGraceMinutes: 20,
          onMismatch: 'cancel',
          pauseAfterRejected: 3,
        },
      },
    },
  });
});

test.each([
  ['https://fagi.example.com/api/', 'https://fagi.example.com/api'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['http://[::1]:8080/', 'http://[::1]:8080'],
])('the base URL %s becomes %s', (baseUrl, expected) => {
  const result = load(withLines().replace('{ secret', `{ baseUrl: "${baseUrl}", secret`));
  expect(result.ok && result.config.api.baseUrl).toBe(expected);
});

test.each([
  'http://example.com',
  'https://u:p@example.com',
  'https://example.com/?a',
  'example.com',
  'ftp://example.com',
  'http://127.0.0.1.example.com',
])('the base URL %s is refused', (baseUrl) => {
  expect(output(withLines().replace('{ secret', `{ baseUrl: "${baseUrl}", secret`))).toMatch(
    /^triggers\.yaml:1:17 error api\.baseUrl: .*\n\n1 error\n$/,
  );
});

test('a file that does not exist is a problem, not an exception', () => {
  expect(loadTriggers('/nowhere/triggers.yaml', NOW)).toEqual({
    ok: false,
    problems: [
      {
        severity: 'error',
        file: '/nowhere/triggers.yaml',
        line: 1,
        column: 1,
        path: '',
        message: 'the file does not exist; name another one with --triggers or -c triggers=…',
      },
    ],
  });
});

const lines = readFileSync(example, 'utf8').split('\n');
const snippet = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    '*',
    '&a',
    '*a',
    '{',
    '[',
    '!!binary x',
    '? ',
    ': ',
    '- ',
    '\t',
    '"',
    "'",
    '|',
    '<<: 1',
    '---',
    '__proto__: 1',
    'null',
    '9e999',
    '%YAML 1.1',
  ),
);
const damage = fc.array(fc.tuple(fc.nat(lines.length), fc.nat(40), snippet), {
  minLength: 1,
  maxLength: 4,
});

test('a damaged file never throws and never loses its place', { timeout: runs(60_000) }, () => {
  fc.assert(
    fc.property(damage, (edits) => {
      const text = edits.reduce((all, [line, column, piece]) => {
        return all.with(
          Math.min(line, all.length - 1),
          `${(all[line] ?? '').slice(0, column)}${piece}${(all[line] ?? '').slice(column)}`,
        );
      }, lines);
      const result = load(text.join('\n'));
      for (const { line, column } of result.ok ? result.warnings : result.problems) {
        expect(line).toBeGreaterThan(0);
        expect(column).toBeGreaterThan(0);
      }
    }),
    { numRuns: runs(60) },
  );
});

/** A sound file that has every key. */
const COMPLETE = {
  api: { baseUrl: 'https://example.com', secret: 'key', dialect: 'current' },
  defaults: { timezone: 'Europe/Berlin' },
  reservedConcurrency: { trigger: 1, webhook: 'unreserved' },
  ledger: { retentionDays: 30 },
  triggers: {
    nightly: {
      description: 'Every night',
      runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
      execute: {
        selectAll: false,
        scenarioIds: ['5b8a3f0e-6c1d-4a57-9e0b-7f2c4d1e9a33'],
        simulatorId: 'c9d1b6a2-0f4e-4c83-8b7a-1e5d3f6a2b90',
      },
      schedules: [
        { cron: '0 2 * * *', timezone: 'UTC', flexibleWindow: '5 minutes', enabled: true },
        { rate: '1 hour', start: '2027-01-01T00:00:00', end: '2027-02-01T00:00:00Z' },
        { at: '2027-03-28T02:30:00', timezone: 'UTC' },
      ],
      webhook: {
        verify: 'hmac',
        secret: 'hook',
        when: 'body.ref',
        allow: ['scenarioIds'],
        coalesce: '1 minute',
        signature: { header: 'X-Signature', prefix: 'v1=', encoding: 'hex', algorithm: 'sha1' },
        timestamp: { header: 'X-Time', prefix: 't=' },
        signed: '{timestamp}.{body}',
        idField: 'id',
      },
      startDeadline: '1 hour',
      onUnknown: 'resend',
      unknownGrace: '20 minutes',
      onMismatch: 'cancel',
    },
    named: { runTest: 'Checkout', execute: { selectAll: false, scenarios: ['Happy path'] } },
  },
};

function placesIn(value: unknown): string[][] {
  return Object.entries(Object(value)).flatMap(([key, part]) => [
    [key],
    ...(typeof part === 'object' ? placesIn(part).map((rest) => [key, ...rest]) : []),
  ]);
}

function withValue(value: unknown, [key, ...rest]: readonly string[], part: unknown): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return part;
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === key ? withValue(item, rest, part) : item));
  }
  return {
    ...value,
    [key]: withValue(Object.entries(value).find(([k]) => k === key)?.[1], rest, part),
  };
}

const anyValue = fc.oneof(
  fc.constantFrom(null, '', 5, -1, true, 'Foo', [], [null], {}, { length: 0 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const edits = fc.array(fc.tuple(fc.constantFrom(...placesIn(COMPLETE)), anyValue), {
  minLength: 1,
  maxLength: 3,
});

test('values of any type in any place never throw', { timeout: runs(60_000) }, () => {
  expect(load(JSON.stringify(COMPLETE))).toMatchObject({ ok: true, warnings: [{}] });
  fc.assert(
    fc.property(edits, (places) => {
      const file = places.reduce<unknown>(
        (whole, [place, value]) => withValue(whole, place, value),
        COMPLETE,
      );
      load(JSON.stringify(file));
    }),
    { numRuns: runs(40) },
  );
});
