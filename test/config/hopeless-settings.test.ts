import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadTriggers } from '../../lib/config/load.ts';
import { FILE, load, output, withLines } from './temporary-file.ts';

const UTF16 = 'is UTF-16, as Windows PowerShell writes it; save it as UTF-8';
const CRON = 'triggers.nightly.schedules[0].cron';

test.each([
  [
    'an address that gets every message already',
    `${withLines('notify: { email: [qa@example.com] }')}notify: { email: [qa@example.com] }\n`,
    'triggers.yaml:7:23 error triggers.nightly.notify.email[0]: is in notify.email too and gets every message; remove one of the two',
  ],
  [
    'an address of more triggers than SNS can choose by',
    `${withLines('notify: { email: [qa@example.com] }')}${Array.from({ length: 149 }, (_, n) => `  t${n}: { runTest: A, execute: { selectAll: true }, schedules: [at: 2027-01-01T08:00:00], notify: { email: [qa@example.com] } }\n`).join('')}`,
    'triggers.yaml:156:109 error triggers.t148.notify.email[0]: is at more than 149 triggers; write it into notify.email',
  ],
  [
    'a 61st second',
    withLines('schedules:', '  - at: 2027-01-01T08:00:60'),
    'triggers.yaml:8:13 error triggers.nightly.schedules[0].at: "2027-01-01T08:00:60" does not exist in the calendar',
  ],
  [
    'a start in a 61st second',
    withLines('schedules:', '  - { rate: 1 hour, start: 2027-01-01T08:00:60 }'),
    'triggers.yaml:8:32 error triggers.nightly.schedules[0].start: "2027-01-01T08:00:60" is not a time; write it as 2026-12-24T08:00:00 (in the time zone of the schedule) or with an offset, as 2026-12-24T08:00:00Z',
  ],
  [
    'years that run backwards',
    withLines('schedules:', '  - cron: 0 2 * * ? 2030-2027'),
    `triggers.yaml:8:25 error ${CRON}: year: "2030-2027" runs backwards; write 2027-2030`,
  ],
  [
    'ranges around the end that get too long',
    withLines('schedules:', '  - cron: 30-28 12-10 27-25 * ? *'),
    `triggers.yaml:8:15 error ${CRON}: has 318 characters when its ranges around the end are written out, and EventBridge Scheduler takes 256; write two schedules`,
  ],
  [
    'a time zone inside cron',
    withLines('schedules:', '  - cron: CRON_TZ=Asia/Tokyo 0 2 * * *'),
    `triggers.yaml:8:15 error ${CRON}: names a time zone; write it beside cron, as timezone: Asia/Tokyo`,
  ],
  [
    'a name for a cron',
    withLines('schedules:', '  - cron: "@daily"'),
    `triggers.yaml:8:15 error ${CRON}: "@daily" is not a cron expression here; write 0 0 * * *`,
  ],
  [
    'a version of YAML',
    `%YAML 1.1\n---\n${withLines('schedules:', '  - { cron: 0 2 * * *, enabled: on }')}`,
    'triggers.yaml:1:1 error %YAML 1.1 turns on, off, yes and no into true and false; remove this line',
  ],
  [
    'null as a name',
    withLines().replace('nightly:', 'null:'),
    'triggers.yaml:3:3 error YAML takes null as no value; put it in quotes or write another key',
  ],
  [
    'null as a key',
    withLines('~: 1'),
    'triggers.yaml:7:5 error YAML takes ~ as no value; put it in quotes or write another key',
  ],
  [
    'tabs everywhere',
    withLines().replaceAll(/^ +/gm, '\t'),
    'triggers.yaml:3:1 error not valid YAML: a tab cannot indent; write spaces',
  ],
  [
    'a tab after a dash',
    withLines('schedules:', '  -\trate: 1 hour', '    start: 2027-01-01T00:00:00'),
    'triggers.yaml:8:8 error not valid YAML: a tab cannot indent; write spaces',
  ],
])('%s is the one error', (_, text, expected) => {
  expect(output(text)).toBe(`${expected}\n\n1 error\n`);
});

test.each([
  'sk-proj-abcdefghijklmnop',
  'AKIAIOSFODNN7EXAMPLE',
  'Bearer abc',
  'b4c1d0a97f3e5a26e8b1c7d2f09a4e6b5d3c8f71',
  'run-test-trigger/Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdoaQ',
  '3c90c3cc-0d44-4b50-8888-8dd25736052a:9f1d7c5e',
])('%s is a key, and no message repeats it', (secret) => {
  expect(output(withLines().replace('secret: key', `secret: "${secret}"`))).toBe(
    'triggers.yaml:1:16 error api.secret: is a secret itself; write its name in Secrets Manager here, and replace the secret: everybody who reads this file knows it\n\n1 error\n',
  );
});

test.each([
  'run-test-trigger/webhooks/deployment-of-the-checkout-agent',
  'prod/futureagi/2026-11-24/key',
])('%s is the name of a secret', (secret) => {
  expect(output(withLines().replace('secret: key', `secret: ${secret}`))).toBe('');
});

test.each(['GMT', 'CET', 'EST5EDT', 'UTC', 'US/Eastern', 'Etc/GMT+5', 'GB'])(
  '%s is a zone',
  (timezone) => {
    const text = withLines('schedules:', `  - { cron: 0 12 1 1 *, timezone: ${timezone} }`);
    expect(load(text).ok).toBe(true);
  },
);

test.each([
  ['UTF-16 with a mark', Buffer.from(`\uFEFF${withLines()}`, 'utf16le'), UTF16],
  ['UTF-16 without one', Buffer.from(withLines(), 'utf16le'), UTF16],
  ['UTF-16, the other way round', Buffer.from(`\uFEFF${withLines()}`, 'utf16le').swap16(), UTF16],
  [
    'Latin-1',
    Buffer.from(withLines('description: für'), 'latin1'),
    'is not UTF-8; save it as UTF-8',
  ],
])('%s is named', (_, bytes, message) => {
  writeFileSync(FILE, bytes);
  expect(loadTriggers(FILE, new Date())).toEqual({
    ok: false,
    problems: [{ severity: 'error', file: FILE, line: 1, column: 1, path: '', message }],
  });
});

test.each([
  [['schedules:', '  - cron: "* * * * *"'], '1,440'],
  [['schedules:', '  - cron: "0/5 8-19 * * ? *"'], '144'],
  [['schedules:', '  - { rate: 20 minutes, start: 2027-01-01T00:00:00 }'], '72'],
])('%s without a budget is doubtful', (lines, times) => {
  const warning = `fires ${times} times a day, and every execution costs money; write a budget for it`;
  expect(output(withLines(...lines))).toContain(warning);
  expect(output(withLines(...lines, 'budget: { perDay: 50 }'))).toBe('');
  expect(output(`budget: { perMonth: 50 }\n${withLines(...lines)}`)).toBe('');
});

test('once an hour is not doubtful', () => {
  expect(output(withLines('schedules:', '  - cron: "0 * * * *"'))).toBe('');
});
