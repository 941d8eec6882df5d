import { expect, test } from 'vitest';
import type { ListedExecution } from '../../../lambda/api/future-agi.ts';
import type { Firing } from '../../../lambda/firing/firing.ts';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import { judge, type Sighting } from '../../../lambda/start/attribution.ts';
import { NIGHTLY } from '../../support/fixture.ts';

const SENT = new Date('2026-11-24T02:00:00Z');
const A = '5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5';
const B = 'f3a3b7b7-6b0c-4d3a-8a50-0a4f8b2b7a11';

function at(minutes: number): Date {
  return new Date(SENT.getTime() + minutes * 60_000);
}

function unknown(
  knownExecutions: string[] | undefined,
  execute: Partial<Firing['execute']> = {},
): Firing {
  const source = { kind: 'manual', requestId: 'm' } as const;
  return {
    ...newFiring({ trigger: 'nightly', source, at: SENT }, NIGHTLY, SENT),
    state: 'unknown',
    execute: { selectAll: true, scenarioIds: [], ...execute },
    attempts: [
      {
        sentAt: SENT.toISOString(),
        settledAt: at(1).toISOString(),
        outcome: 'unknown',
        ...(knownExecutions && { knownExecutions }),
      },
    ],
  };
}

function listed(id: string, minute: number | undefined, more: Partial<ListedExecution> = {}) {
  return { id, status: 'RUNNING', ...(minute !== undefined && { startedAt: at(minute) }), ...more };
}

function sent(id: string, state: string, executionId?: string) {
  return { id, state, ...(executionId && { executionId }) };
}

function seen(executions: ListedExecution[], sentFirings: Sighting['sentFirings'] = []): Sighting {
  return { executions, sentFirings, complete: true };
}

const OWN = 'nightly:manual:m';
const ADOPT = { kind: 'adopt' };
const WAIT = { kind: 'wait' };
const NONE = { kind: 'none' };
const HOLD = { kind: 'hold' };

// what is seen, the firing, minutes since the POST left, verdict
test.each<[string, Sighting, Firing, number, object]>([
  ['one new execution', seen([listed('x', 0)]), unknown([]), 2, ADOPT],
  [
    'one new beside the knownExecutions',
    seen([listed('x', 0), listed('old', -1)]),
    unknown(['old']),
    2,
    ADOPT,
  ],
  ['one whose start cannot be read', seen([listed('x', undefined)]), unknown([]), 2, ADOPT],
  ['one on a server whose clock is 9 min behind', seen([listed('x', -9)]), unknown([]), 2, ADOPT],
  ['one on a server whose clock is 9 min ahead', seen([listed('x', 9)]), unknown([]), 2, ADOPT],
  ['one from long before', seen([listed('x', -11)]), unknown([]), 2, WAIT],
  ['one from long after', seen([listed('x', 12)]), unknown([]), 13, NONE],
  [
    'one from before and no knownExecutions to tell',
    seen([listed('x', -3)]),
    unknown(undefined),
    2,
    WAIT,
  ],
  ['one just before and no knownExecutions', seen([listed('x', -1)]), unknown(undefined), 2, ADOPT],
  ['nothing yet', seen([]), unknown([]), 10.9, WAIT],
  ['nothing after the grace period', seen([]), unknown([]), 11, NONE],
  ['only the knownExecutions', seen([listed('old', 0)]), unknown(['old']), 11, NONE],
  ['two new ones', seen([listed('x', 0), listed('y', 0)]), unknown([]), 2, HOLD],
  [
    'two new, one owned',
    seen([listed('x', 0), listed('y', 0)], [sent('other', 'started', 'y')]),
    unknown([]),
    2,
    ADOPT,
  ],
  [
    'one new, and another firing in flight',
    seen([listed('x', 0)], [sent('other', 'sending')]),
    unknown([]),
    2,
    WAIT,
  ],
  [
    'one new, and another firing unknown to the end',
    seen([listed('x', 0)], [sent('other', 'unknown')]),
    unknown([]),
    11,
    HOLD,
  ],
  [
    'one new, and another firing unresolved',
    seen([listed('x', 0)], [sent('other', 'unresolved')]),
    unknown([]),
    11,
    HOLD,
  ],
  [
    'one new, and another firing refused',
    seen([listed('x', 0)], [sent('other', 'rejected')]),
    unknown([]),
    2,
    ADOPT,
  ],
  [
    'one new, and the firing itself',
    seen([listed('x', 0)], [sent(OWN, 'unknown')]),
    unknown([]),
    2,
    ADOPT,
  ],
  ['nothing, and the list was too long', { ...seen([]), complete: false }, unknown([]), 11, HOLD],
  [
    'exactly the scenarios asked for',
    seen([listed('x', 0, { scenarioIds: [B, A] })]),
    unknown([], { selectAll: false, scenarioIds: [A, B] }),
    2,
    ADOPT,
  ],
  [
    'fewer scenarios than asked for',
    seen([listed('x', 0, { scenarioIds: [A] })]),
    unknown([], { selectAll: false, scenarioIds: [A, B] }),
    2,
    WAIT,
  ],
  [
    'another number of scenarios',
    seen([listed('x', 0, { totalScenarios: 3 })]),
    unknown([], { selectAll: false, scenarioIds: [A, B] }),
    2,
    WAIT,
  ],
  [
    'a scenario that was left out',
    seen([listed('x', 0, { scenarioIds: [A, B] })]),
    unknown([], { scenarioIds: [A] }),
    2,
    WAIT,
  ],
  [
    'only scenarios that were not left out',
    seen([listed('x', 0, { scenarioIds: [B] })]),
    unknown([], { scenarioIds: [A] }),
    2,
    ADOPT,
  ],
])('%s', (_name, sighting, firing, minutes, verdict) => {
  expect(judge(firing, sighting, at(minutes))).toMatchObject(verdict);
});
