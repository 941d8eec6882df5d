import { expect, test } from 'vitest';
import type { ListedExecution } from '../../../lambda/api/future-agi.ts';
import type { Attempt, UnknownFiring } from '../../../lambda/firing/firing.ts';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import { attribute, type Candidate, fitFor } from '../../../lambda/start/attribution.ts';
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

const SCENARIOS = [
  { id: A, name: 'Refund, in cash' },
  { id: B, name: 'Upgrade' },
];
const ALL = { scenarioIds: [B, A] };

interface Seen {
  readonly executions: readonly ListedExecution[];
  /** Firings that each of them could be of as well. */
  readonly rivals?: string[];
  readonly incomplete?: true;
  /** Minutes since the POST left, by the server's clock. */
  readonly minute?: number;
  readonly scenarios?: typeof SCENARIOS | undefined;
}

function attributeSeen(firing: UnknownFiring, seen: Seen, minute: number) {
  const { executions, rivals = [], incomplete = false } = seen;
  const scenarios = 'scenarios' in seen ? seen.scenarios : SCENARIOS;
  const candidates = executions.flatMap((execution): Candidate[] => {
    const fit = fitFor(firing, execution, scenarios);
    return fit ? [{ execution, fit, rivals }] : [];
  });
  const listedAt = at(seen.minute ?? minute);
  return attribute(firing, { candidates, complete: !incomplete, listedAt }, at(minute));
}

const one = (
  minute: number | undefined,
  more: Partial<ListedExecution> = ALL,
  rest = {},
): Seen => ({
  executions: [listed('x', minute, more)],
  ...rest,
});
/** The only attempt, settled otherwise. */
function settled(change: Partial<Attempt>, firing = unknown([])): UnknownFiring {
  const [attempt] = firing.attempts;
  return { ...firing, attempts: [{ ...attempt, ...change }] };
}

const ADOPT = { kind: 'adopt' };
const WAIT = { kind: 'wait' };
const NONE = { kind: 'none' };
const UNDECIDED = { kind: 'undecided', reason: expect.stringContaining('x') };
const TWO = { executions: [listed('x', 0, ALL), listed('y', 0, ALL)] };
const SERVER = { serverSentAt: at(-540).toISOString() };
const ANSWERED = { status: 500, serverAnsweredAt: at(0.5).toISOString() };
const ONE_OF_THEM = { selectAll: false, scenarioIds: [A] };

// what is seen, the firing, minutes since the POST left, attribution
test.each<[string, Seen, UnknownFiring, number, object]>([
  ['one new execution', one(0), unknown([]), 2, ADOPT],
  [
    'one new beside the known ones',
    { executions: [listed('x', 0, ALL), listed('old', 0, ALL)] },
    unknown(['old']),
    2,
    ADOPT,
  ],
  ['one whose start cannot be read', one(undefined), unknown([]), 2, WAIT],
  ['one whose start can never be read', one(undefined), unknown([]), 11, UNDECIDED],
  ['one whose start cannot be read, nothing known', one(undefined), unknown(undefined), 11, NONE],
  ['one that began a moment ago', one(2, ALL, { minute: 2.1 }), unknown([]), 2.1, WAIT],
  [
    'one on a server whose clock is 9 h behind',
    one(-540, ALL, { minute: -538 }),
    settled(SERVER),
    2,
    ADOPT,
  ],
  ['one on it that began 6 s before', one(-540.1), settled(SERVER), 11, NONE],
  ['one that began a minute before, the clock unknown', one(-1), unknown([]), 2, ADOPT],
  ['one from long before', one(-1.1), unknown([]), 11, NONE],
  ['one that began as the sender’s life ended', one(3.5), unknown([]), 4, ADOPT],
  ['one from after the sender’s life', one(3.6), unknown([]), 11, NONE],
  ['one that began 5 s after an answered 500', one(0.58), settled(ANSWERED), 2, ADOPT],
  ['one that began 4 min after it', one(4), settled(ANSWERED), 11, NONE],
  ['one that began 2 min after it, the clock unknown', one(3), settled({ status: 500 }), 11, NONE],
  ['one from before, nothing known', one(-0.01), unknown(undefined), 11, NONE],
  ['one from then on, nothing known', one(0), unknown(undefined), 2, ADOPT],
  ['nothing yet', { executions: [] }, unknown([]), 10.9, WAIT],
  ['nothing after the grace period', { executions: [] }, unknown([]), 11, NONE],
  ['only the known ones', { executions: [listed('old', 0)] }, unknown(['old']), 11, NONE],
  ['two new ones', TWO, unknown([]), 2, UNDECIDED],
  ['one that could be another’s', one(0, ALL, { rivals: ['other'] }), unknown([]), 2, WAIT],
  [
    'one that could be another’s to the end',
    one(0, ALL, { rivals: ['other'] }),
    unknown([]),
    11,
    UNDECIDED,
  ],
  [
    'nothing in a list that is too long',
    { executions: [], incomplete: true },
    unknown([]),
    11,
    { kind: 'undecided' },
  ],
  ['the one asked for', one(0, { scenarioIds: [A] }), unknown([], ONE_OF_THEM), 2, ADOPT],
  ['another one of them', one(0, { scenarioIds: [B] }), unknown([], ONE_OF_THEM), 2, WAIT],
  ['another one to the end', one(0, { scenarioIds: [B] }), unknown([], ONE_OF_THEM), 11, UNDECIDED],
  ['one instead of all', one(0, { scenarioIds: [A] }), unknown([]), 11, UNDECIDED],
  [
    'one of them and all',
    { executions: [listed('y', 0, { scenarioIds: [A] }), listed('x', 0, ALL)] },
    unknown([]),
    2,
    ADOPT,
  ],
  ['all, and they cannot be read', one(0, ALL, { scenarios: undefined }), unknown([]), 2, WAIT],
  ['all but one', one(0, { scenarioIds: [B] }), unknown([], { scenarioIds: [A] }), 2, ADOPT],
  ['what was left out', one(0, { scenarioIds: [A] }), unknown([], { scenarioIds: [A] }), 2, WAIT],
  ['all by name', one(0, { scenarioNames: 'Upgrade, Refund, in cash' }), unknown([]), 2, ADOPT],
  ['one by name instead of all', one(0, { scenarioNames: 'Upgrade' }), unknown([]), 11, UNDECIDED],
  ['all by number', one(0, { totalScenarios: 2 }), unknown([]), 2, ADOPT],
  ['one instead of all by number', one(0, { totalScenarios: 1 }), unknown([]), 11, UNDECIDED],
  ['no word of its scenarios', one(0, {}), unknown([]), 11, UNDECIDED],
])('%s', (_name, seen, firing, minute, attribution) => {
  expect(attributeSeen(firing, seen, minute)).toMatchObject(attribution);
});
