import { expect, test } from 'vitest';
import type { ListedExecution } from '../../../lambda/api/future-agi.ts';
import type { UnknownFiring } from '../../../lambda/firing/firing.ts';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import type { State } from '../../../lambda/firing/states.ts';
import { attribute, type Listing } from '../../../lambda/start/attribution.ts';
import { NIGHTLY } from '../../support/fixture.ts';

const SENT = new Date('2026-11-24T02:00:00Z');
const RUN_TEST = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const A = '5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5';
const B = 'f3a3b7b7-6b0c-4d3a-8a50-0a4f8b2b7a11';

function at(minutes: number): Date {
  return new Date(SENT.getTime() + minutes * 60_000);
}

function unknown(
  knownExecutions: string[] | undefined,
  execute: Partial<UnknownFiring['execute']> = {},
): UnknownFiring {
  const cause = { kind: 'command', requestId: 'm' } as const;
  return {
    ...newFiring({ trigger: 'nightly', cause, at: SENT }, NIGHTLY, SENT),
    state: 'unknown',
    runTestId: RUN_TEST,
    sentAt: SENT.toISOString(),
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

function sent(id: string, state: State, executionId?: string) {
  return { id, state, ...(executionId && { executionId }) };
}

function seen(executions: ListedExecution[], sentFirings: Listing['sentFirings'] = []): Listing {
  return { executions, sentFirings, complete: true };
}

const OWN = 'nightly:command:m';
const ADOPT = { kind: 'adopt' };
const WAIT = { kind: 'wait' };
const NONE = { kind: 'none' };
const UNDECIDED = { kind: 'undecided' };

// what is seen, the firing, minutes since the POST left, attribution
test.each<[string, Listing, UnknownFiring, number, object]>([
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
  ['two new ones', seen([listed('x', 0), listed('y', 0)]), unknown([]), 2, UNDECIDED],
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
    UNDECIDED,
  ],
  [
    'one new, and another firing unresolved',
    seen([listed('x', 0)], [sent('other', 'unresolved')]),
    unknown([]),
    11,
    UNDECIDED,
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
  [
    'nothing, and the list was too long',
    { ...seen([]), complete: false },
    unknown([]),
    11,
    UNDECIDED,
  ],
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
])('%s', (_name, listing, firing, minutes, attribution) => {
  expect(attribute(firing, listing, at(minutes))).toMatchObject(attribution);
});
