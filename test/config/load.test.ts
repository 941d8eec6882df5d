import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadTriggers } from '../../lib/config/load.ts';
import { load, output, withLines } from './temporary-file.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
const example = `${import.meta.dirname}/../fixtures/triggers.yaml`;

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
      monitoring: { alarms: 'urgent', dashboard: false },
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
        repeatAfter: 720,
      },
      triggers: {
        'nightly-regression': {
          description: 'Every scenario, every weekday night',
          runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
          execute: { selectAll: true, scenarioIds: [] },
          schedules: [
            {
              name: 'early',
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
          expect: { maxFailedCalls: 5 },
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
    'a trigger that only a person can fire',
    withLines().replace(/ {4}webhook.*\n/, ''),
    'triggers.yaml:3:3 warning triggers.nightly: has neither schedules, events nor a webhook, so it fires only when a person fires it',
  ],
  [
    'at in the past',
    withLines('schedules:', '  - at: 2026-11-23T08:00:00'),
    'triggers.yaml:8:13 warning triggers.nightly.schedules[0].at: is in the past, so it will not fire',
  ],
  [
    '31 February',
    withLines('schedules:', '  - cron: 0 0 31 2 ? *'),
    'triggers.yaml:8:15 warning triggers.nightly.schedules[0].cron: never fires: no date in the calendar is one that it names',
  ],
  [
    'a year that is over',
    withLines('schedules:', '  - cron: 0 0 28 2 ? 2025'),
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
        name: 'rate-7a9b4146',
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
  ['the longest start', withLines('startDeadline: 6 hours'), 'startDeadlineMinutes', 360],
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
        message: 'the file does not exist; name another one with --triggers FILE',
      },
    ],
  });
});
