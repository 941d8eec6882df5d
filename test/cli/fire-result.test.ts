import { expect, test } from 'vitest';
import { formatFireReport, readFireReport } from '../../lib/cli/fire-result.ts';
import type { Outcome } from '../../lib/local/functions/function-process.ts';

const plain = (_format: unknown, text: string) => text;
const ok = (report: object): Outcome => ({ ok: true, payload: JSON.stringify(report) });

test.each<{ outcome: Outcome | 'throttled'; started: boolean; text: string }>([
  {
    outcome: ok({ firing: 'f', trigger: 't', state: 'started', execution_id: 'e', total_calls: 0 }),
    started: true,
    text: `Started
  firing        f
  state         started
  execution id  e
  total calls   0
`,
  },
  {
    outcome: ok({ firing: 'f', trigger: 't', state: 'rejected', message: 'HTTP 404' }),
    started: false,
    text: `Not started: refused
  firing   f
  state    rejected
  message  HTTP 404
`,
  },
  {
    outcome: ok({ firing: 'f', trigger: 't', state: 'due', message: 'refused' }),
    started: false,
    text: `Not started yet
  firing   f
  state    due
  message  refused
  The ledger keeps it: \`npm start\` goes on with it.
`,
  },
  {
    outcome: { ok: false, error: { errorType: 'Error', errorMessage: 'no ledger' } },
    started: false,
    text: `Not known whether it started
  error  no ledger
`,
  },
  { outcome: 'throttled', started: false, text: 'Not started\n  error  Rate exceeded\n' },
])('$outcome', ({ outcome, started, text }) => {
  const report = readFireReport(outcome);
  expect(report.state === 'started').toBe(started);
  expect(formatFireReport(report, '`npm start` goes on with it.', plain)).toBe(text);
});
