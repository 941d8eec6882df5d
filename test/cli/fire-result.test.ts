import { expect, test } from 'vitest';
import { exitCodeOf, formatFireReport, readFireReport } from '../../lib/cli/fire-result.ts';
import type { Outcome } from '../../lib/local/functions/function-process.ts';

const plain = (_format: unknown, text: string) => text;
const NEXT = { look: 'npm start', typed: (words: string) => `npx rtt ${words}` };
const ok = (report: object): Outcome => ({ ok: true, payload: JSON.stringify(report) });

test.each<{ outcome: Outcome | 'throttled'; exit: number; text: string }>([
  {
    outcome: ok({ firing: 'f', trigger: 't', state: 'started', execution_id: 'e', total_calls: 0 }),
    exit: 0,
    text: `Started
  firing        f
  short id      252f10
  state         started
  execution id  e
  total calls   0

  next  Its execution is followed to its end.
    npm start
`,
  },
  {
    outcome: ok({ firing: 'f', trigger: 't', state: 'rejected', message: 'HTTP 404' }),
    exit: 3,
    text: `Not started: refused
  firing    f
  short id  252f10
  state     rejected
  message   HTTP 404

  next  Remove the cause, then send it again as it was, or look at what the
        trigger would start now:
    npx rtt retry 252f10 --reason "the cause is removed"
    npx rtt fire t --dry-run
`,
  },
  {
    outcome: ok({ firing: 'f', trigger: 't', state: 'due', message: 'refused' }),
    exit: 3,
    text: `Not started yet
  firing    f
  short id  252f10
  state     due
  message   refused

  next  It is tried again until its start deadline.
    npm start
`,
  },
  {
    outcome: { ok: false, error: { errorType: 'Error', errorMessage: 'no ledger' } },
    exit: 5,
    text: `Not known whether it started
  error  no ledger

  next  If the firing was recorded, it goes on. Look before you fire again:
    npm start
`,
  },
  {
    outcome: 'throttled',
    exit: 3,
    text: `Not started
  error  Rate exceeded

  next  The service is busy. Try again:
    npm start
`,
  },
])('$outcome', ({ outcome, exit, text }) => {
  const report = readFireReport(outcome);
  expect(exitCodeOf(report)).toBe(exit);
  expect(formatFireReport(report, NEXT, plain)).toBe(text);
});

test.each([
  null,
  {},
  'x',
  { firing: 'f', trigger: 't', state: 'nope' },
  { firing: 'f', state: 'started' },
])('%j is not a report', (value) => {
  const payload = JSON.stringify(value);
  expect(() => readFireReport({ ok: true, payload })).toThrow('not answered with a report');
});
