import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Expectation } from '../../../lambda/firing/policy.ts';
import { type Answer, startVerdictWorld, type VerdictWorld } from '../../support/verdict.ts';

let world: VerdictWorld;
beforeAll(async () => {
  world = await startVerdictWorld();
});
afterAll(() => world.stop());

const least = (name: string, score: number): Expectation => ({ minEvaluation: { [name]: score } });
const most = (name: string, score: number): Expectation => ({ maxEvaluation: { [name]: score } });

type Row = readonly [
  what: string,
  evaluations: Answer,
  expect: Expectation,
  verdict: string,
  reasons: readonly string[],
];

const ROWS: readonly Row[] = [
  ['it passes as many calls as wanted', 'eval-summary', least('Tone check', 90), 'passed', []],
  [
    'it passes fewer calls than wanted',
    'eval-summary',
    least('Tone check', 90.01),
    'failed',
    ['"Tone check" scored 90, at least 90.01 wanted.'],
  ],
  ['it has the score wanted', 'eval-summary', least('Politeness', 82.5), 'passed', []],
  [
    'it has a lower score',
    'eval-summary',
    least('Politeness', 85),
    'failed',
    ['"Politeness" scored 82.5, at least 85 wanted.'],
  ],
  ['it has as little as wanted', 'eval-summary', most('Made-up facts', 10), 'passed', []],
  [
    'it has more than wanted',
    'eval-summary',
    most('Made-up facts', 5),
    'failed',
    ['"Made-up facts" scored 10, at most 5 wanted.'],
  ],
  [
    'it is named by its template',
    'eval-summary',
    least('tone', 80),
    'inconclusive',
    [
      'No evaluation is called "tone"; there is "Tone check", "Politeness", "Made-up facts", "Topic".',
    ],
  ],
  [
    'it gives choices',
    'eval-summary',
    least('Topic', 50),
    'inconclusive',
    ['"Topic" cannot be judged: it tells no score.'],
  ],
  [
    'it has no output',
    'eval-summary-no-output',
    least('Tone check', 80),
    'inconclusive',
    ['"Tone check" scored no call, so it tells nothing.'],
  ],
  [
    'it has no output, and little is wanted',
    'eval-summary-no-output',
    most('Tone check', 5),
    'inconclusive',
    ['"Tone check" scored no call, so it tells nothing.'],
  ],
  [
    'no output of it is a score',
    'eval-summary-no-output',
    least('Politeness', 80),
    'inconclusive',
    ['"Politeness" cannot be judged: it tells no score.'],
  ],
  [
    'one of ten calls is scored, well',
    'eval-summary-one-scored',
    least('Tone check', 80),
    'inconclusive',
    ['"Tone check": only 1 of 10 calls scored.'],
  ],
  [
    'one of ten calls is scored, too high',
    'eval-summary-one-scored',
    most('Tone check', 5),
    'failed',
    ['"Tone check" scored 100 (1 of 10 calls scored), at most 5 wanted.'],
  ],
  [
    'the good one of a template is expected',
    'eval-summary-one-template',
    least('Opening tone', 100),
    'passed',
    [],
  ],
  [
    'the bad one of a template is expected',
    'eval-summary-one-template',
    least('Closing tone', 70),
    'failed',
    ['"Closing tone" scored 40, at least 70 wanted.'],
  ],
  [
    'two have its name',
    'eval-summary-same-name',
    least('Tone check', 80),
    'inconclusive',
    ['"Tone check" cannot be judged: several evaluations have this name.'],
  ],
  ['others are damaged', 'eval-summary-damaged', least('Tone check', 80), 'passed', []],
  [
    'its score is 9500',
    'eval-summary-damaged',
    least('Politeness', 80),
    'inconclusive',
    ['"Politeness" cannot be judged: its score makes no sense (9500).'],
  ],
  [
    'its counts are damaged',
    'eval-summary-damaged',
    least('Length', 80),
    'inconclusive',
    ['"Length" cannot be judged: its counts make no sense (12 of -1).'],
  ],
  [
    'only its template is told, with 0',
    'eval-summary-template-only',
    least('Tone check', 80),
    'inconclusive',
    ['"Tone check" cannot be judged: its 0 may mean that no call was scored.'],
  ],
  [
    'only its template is told, with a score',
    'eval-summary-template-only',
    least('Politeness', 80),
    'passed',
    [],
  ],
  [
    'it is documented with counts',
    'eval-summary-documented',
    least('Tone check', 90),
    'passed',
    [],
  ],
  [
    'it is documented with 0.825 alone',
    'eval-summary-documented',
    least('Politeness', 80),
    'inconclusive',
    ['"Politeness" cannot be judged: it tells no number of passed calls.'],
  ],
  [
    'it is documented with 88 alone',
    'eval-summary-documented',
    least('Accuracy', 90),
    'failed',
    ['"Accuracy" scored 88, at least 90 wanted.'],
  ],
  [
    'it is documented without runs',
    'eval-summary-documented',
    least('Empty', 90),
    'inconclusive',
    ['"Empty" scored no call, so it tells nothing.'],
  ],
  [
    'there is none',
    ['eval-summary', { result: [] }],
    least('Tone check', 80),
    'inconclusive',
    ['No evaluation is called "Tone check", and the execution has none.'],
  ],
  [
    'the answer is no summary',
    ['eval-summary', { result: 'none' }],
    least('Tone check', 80),
    'inconclusive',
    ['No evaluation is called "Tone check", and the execution has none.'],
  ],
  [
    'they cannot be read',
    500,
    least('Tone check', 80),
    'inconclusive',
    ['The evaluations cannot be read, and "Tone check" is expected.'],
  ],
  [
    'it has the name of a function of objects',
    'eval-summary',
    least('constructor', 80),
    'inconclusive',
    [
      'No evaluation is called "constructor"; there is "Tone check", "Politeness", "Made-up facts", "Topic".',
    ],
  ],
];

test.each(ROWS)(
  'an evaluation, where %s',
  async (_, evaluations, expectation, verdict, reasons) => {
    const result = await world.judge({ evaluations }, expectation);
    expect({ verdict: result.verdict, reasons: result.reasons }).toEqual({ verdict, reasons });
  },
);

test('coverage is part of the result', async () => {
  const { evaluations } = await world.judge({ evaluations: 'eval-summary-one-scored' });
  expect(evaluations).toEqual([{ name: 'Tone check', score: 100, passed: 1, scored: 1 }]);
  const none = await world.judge({ evaluations: 'eval-summary-no-output' });
  expect(none.evaluations).toEqual([{ name: 'Tone check', scored: 0 }, { name: 'Politeness' }]);
});

test('evaluations that nothing expects do not change the verdict', async () => {
  const { verdict } = await world.judge({ evaluations: 'eval-summary-no-output' });
  expect(verdict).toBe('passed');
});

test('a call that did not complete need not be scored', async () => {
  const status: Answer = ['status', { completed_calls: 1, failed_calls: 9, success_rate: 10 }];
  const expectation = { minSuccessRate: 10, ...least('Tone check', 80) };
  const answers = { status, evaluations: 'eval-summary-one-scored' };
  expect((await world.judge(answers, expectation)).verdict).toBe('passed');
});
