import { expect, test } from 'vitest';
import type { Schedule } from '../../lambda/schedule/schedule.ts';
import { parseExpression } from '../../lib/config/schedule-expression.ts';
import { clockChanges } from '../../lib/config/warnings.ts';
import { output, withLines } from './temporary-file.ts';

const NOW = new Date('2026-11-24T00:00:00Z');

/** Each change is that of the zone's own rules: last Sundays in Europe, 02:30 to 02:00 on Lord Howe, and so on. */
test.each<readonly [string, string, Partial<Schedule>, readonly string[]]>([
  ['30 2 * * ? *', 'Europe/Berlin', {}, ['skipped 2027-03-28T02:30', 'repeated 2027-10-31T02:30']],
  ['0 2 * * ? *', 'Europe/Berlin', {}, ['skipped 2027-03-28T02:00', 'repeated 2027-10-31T02:00']],
  ['0 3 * * ? *', 'Europe/Berlin', {}, []],
  ['59 1 * * ? *', 'Europe/Berlin', {}, []],
  ['30 2 ? * MON-FRI *', 'Europe/Berlin', {}, []],
  ['30 2 28 3 ? *', 'Europe/Berlin', {}, ['skipped 2027-03-28T02:30']],
  [
    '0/30 * * * ? *',
    'Europe/Berlin',
    {},
    ['skipped 2027-03-28T02:00 2027-03-28T02:30', 'repeated 2027-10-31T02:00 2027-10-31T02:30'],
  ],
  ['30 1 * * ? *', 'America/New_York', {}, ['repeated 2027-11-07T01:30']],
  ['30 2 * * ? *', 'America/New_York', {}, ['skipped 2027-03-14T02:30']],
  [
    '0/15 1-2 * * ? *',
    'Australia/Lord_Howe',
    {},
    ['repeated 2027-04-04T01:30 2027-04-04T01:45', 'skipped 2027-10-03T02:00 2027-10-03T02:15'],
  ],
  ['30 2 * * ? *', 'Asia/Kolkata', {}, []],
  ['30 23 * * ? *', 'America/Sao_Paulo', {}, []],
  ['30 3 * * ? *', 'Pacific/Apia', {}, []],
  ['30 2 * * ? *', 'UTC', {}, []],
  ['30 2 * * ? *', 'Europe/Berlin', { end: '2027-06-01T00:00:00Z' }, ['skipped 2027-03-28T02:30']],
  [
    '30 2 * * ? *',
    'Europe/Berlin',
    { start: '2027-06-01T00:00:00Z' },
    ['repeated 2027-10-31T02:30'],
  ],
  ['30 2 * * ? *', 'Europe/Berlin', { enabled: false }, []],
])('%s in %s, %j', (fields, timezone, changes, expected) => {
  const found = clockChanges(
    {
      ...parseExpression(`cron(${fields})`),
      timezone,
      flexibleWindowMinutes: 0,
      enabled: true,
      ...changes,
    },
    NOW,
  );
  expect(found.map(({ kind, times }) => [kind, ...times].join(' '))).toEqual(expected);
});

test.each(['rate(1 day)', 'at(2027-10-31T02:30:00)'])('%s meets none', (expression) => {
  const schedule = {
    ...parseExpression(expression),
    timezone: 'Europe/Berlin',
    flexibleWindowMinutes: 0,
  };
  expect(clockChanges({ ...schedule, enabled: true }, NOW)).toEqual([]);
});

test.each([
  [
    '30 2 * * *',
    [
      'does not fire on 2027-03-28 at 02:30, which the clocks of Europe/Berlin skip',
      'fires only once on 2027-10-31 at 02:30, which the clocks of Europe/Berlin show twice',
    ],
  ],
  [
    '0/30 2 * 3 *',
    [
      'does not fire on 2027-03-28 at 02:00 and 1 more time, which the clocks of Europe/Berlin skip',
    ],
  ],
  [
    '0/20 2 * 10 *',
    [
      'fires only once on 2027-10-31 at 02:00 and 2 more times, which the clocks of Europe/Berlin show twice',
    ],
  ],
])('whoever reads the file is told of %s', (cron, expected) => {
  const warnings = output(
    withLines('schedules:', `  - { cron: "${cron}", timezone: Europe/Berlin }`),
  );
  const messages = expected.map(
    (message) => `triggers.yaml:8:17 warning triggers.nightly.schedules[0].cron: ${message}`,
  );
  const tally = `${messages.length} warning${messages.length === 1 ? '' : 's'}`;
  expect(warnings).toBe(`${messages.join('\n')}\n\n${tally}\n`);
});

test('many warnings that are alike have one line, and those of another kind their own', () => {
  const schedules = Array.from(
    { length: 9 },
    (_, minute) => `      - { cron: ${minute} 2 * * ? *, timezone: Europe/Berlin }`,
  );
  const text = output(
    [withLines('schedules:').trimEnd(), ...schedules, '      - { rate: 6 hours }', ''].join('\n'),
  );
  expect(text.split('\n')).toEqual([
    'triggers.yaml:8:17 warning triggers.nightly.schedules[0].cron: does not fire on 2027-03-28 at 02:00, which the clocks of Europe/Berlin skip (and 8 warnings like it, down to line 16)',
    'triggers.yaml:8:17 warning triggers.nightly.schedules[0].cron: fires only once on 2027-10-31 at 02:00, which the clocks of Europe/Berlin show twice (and 8 warnings like it, down to line 16)',
    'triggers.yaml:17:17 warning triggers.nightly.schedules[9].rate: without start, it fires as soon as it is deployed, and that execution costs money; write start to choose its first time',
    '',
    '19 warnings',
    '',
  ]);
});
