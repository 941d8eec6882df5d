import { expect, test } from 'vitest';
import { formatLogLine } from '../../lib/cli/log-format.ts';

const entry = (level: string, message: unknown) =>
  JSON.stringify({ timestamp: '2026-11-24T02:00:01.000Z', level, requestId: 'r', message });

test.each([
  {
    line: entry('INFO', {
      event: 'execution_started',
      firing: 'nightly:command:1',
      trigger: 'nightly',
      run_test_id: 'hidden',
      scenario_ids: ['a', 'b'],
      status: 'PENDING',
      total_calls: 7,
    }),
    text: 'INFO  trigger execution_started firing=nightly:command:1 status=PENDING total_calls=7',
  },
  {
    line: entry('WARN', { event: 'delivery_refused', trigger: 'x', message: 'bad signature' }),
    text: 'WARN  trigger delivery_refused trigger=x message="bad signature"',
  },
  { line: entry('WARN', 'plain text'), text: 'WARN  trigger plain text' },
  { line: entry('INFO', { other: 1 }), text: 'INFO  trigger {"other":1}' },
  {
    line: entry('ERROR', {
      errorType: 'TypeError',
      errorMessage: 'no such thing',
      stackTrace: ['TypeError: no such', '✓ thing', '    at handler.mjs:1'],
    }),
    text: 'ERROR trigger TypeError: no such thing\n    at handler.mjs:1',
  },
])('$text', ({ line, text }) => {
  const shown = formatLogLine({ source: 'trigger', line }, (_format, plain) => plain);
  expect(shown.replace(/^\d\d:\d\d:\d\d /, '')).toBe(text);
});

test('a long line goes on below its event word, between words', () => {
  const message = { event: 'start_rejected', firing: 'nightly:command:1', message: 'not this one' };
  const line = entry('ERROR', message);
  const shown = formatLogLine({ source: 'trigger', line }, (_format, plain) => plain, 46);
  expect(shown.replace(/^\d\d:\d\d:\d\d /, '')).toBe(
    'ERROR trigger start_rejected\n         firing=nightly:command:1 message="not\n         this one"',
  );
});

test('what is not a log entry stays as it is', () => {
  const line = '(node:1) Warning: something';
  expect(formatLogLine({ source: 'sweep', line }, (_format, plain) => plain)).toBe(`sweep ${line}`);
});
