import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';

const FIRING = 'nightly:schedule-0:2026-11-24T02:00:00Z';
const EXECUTION = 'b8f5f0a2-6f0e-4e57-9c1e-0d6f3f0c7a11';
const LINK = `https://app.futureagi.com/dashboard/simulate/executions/${EXECUTION}`;

const BASE: Pick<ServiceEvent, 'version' | 'trigger' | 'firing' | 'reasons' | 'repeated'> = {
  version: 1,
  trigger: 'nightly',
  firing: FIRING,
  reasons: [],
  repeated: false,
};

const RESULT = { status: 'completed', duration_seconds: 723.4, total_calls: 7 } as const;

/** One event of every kind, as the sweep publishes it. */
export const SERVICE_EVENTS: readonly ServiceEvent[] = [
  {
    ...BASE,
    kind: 'started',
    id: `${FIRING}/started`,
    time: '2026-11-24T02:00:03.120Z',
    execution_id: EXECUTION,
    link: LINK,
  },
  {
    ...BASE,
    kind: 'passed',
    id: `${FIRING}/passed`,
    time: '2026-11-24T02:12:07Z',
    execution_id: EXECUTION,
    link: LINK,
    result: {
      ...RESULT,
      verdict: 'passed',
      completed_calls: 7,
      failed_calls: 0,
      success_rate: 100,
      evaluations: [
        { name: 'Tone check', score: 91 },
        { name: 'Task completion', score: 88.5 },
      ],
    },
  },
  {
    ...BASE,
    kind: 'failed',
    id: `${FIRING}/failed`,
    time: '2026-11-24T23:12:07Z',
    execution_id: EXECUTION,
    link: LINK,
    reasons: [
      'The success rate is 71.4 %, less than the 90 % that are expected.',
      'Tone check scored 62, less than the 80 that are expected.',
    ],
    result: {
      ...RESULT,
      verdict: 'failed',
      completed_calls: 5,
      failed_calls: 2,
      success_rate: 71.4,
      evaluations: [{ name: 'Tone check', score: 62 }],
    },
  },
  {
    ...BASE,
    kind: 'inconclusive',
    id: `${FIRING}/inconclusive`,
    time: '2026-11-24T02:01:00Z',
    execution_id: EXECUTION,
    reasons: ['A person cancelled the execution.'],
    result: { verdict: 'inconclusive', status: 'cancelled', duration_seconds: 45 },
  },
  {
    ...BASE,
    kind: 'lost',
    id: `${FIRING}/lost`,
    time: '2026-11-24T08:00:03Z',
    execution_id: EXECUTION,
    link: LINK,
    reasons: ['It was still running 6 hours after its start.'],
    what_to_do: 'Look at the execution in Future AGI and cancel it if it is stuck.',
    result: { verdict: 'inconclusive', status: 'running', duration_seconds: 21_600 },
  },
  {
    ...BASE,
    kind: 'mismatch',
    id: `${FIRING}/mismatch`,
    time: '2026-11-24T02:00:03Z',
    execution_id: EXECUTION,
    link: LINK,
    reasons: ['It runs 2 scenarios that were excluded.'],
  },
  {
    ...BASE,
    kind: 'rejected',
    id: `${FIRING}/rejected`,
    time: '2026-11-24T02:00:01Z',
    reasons: [
      'The workspace’s plan does not include these calls. <!channel> Upgrade & retry (HTTP 402)',
    ],
    what_to_do: 'Change the plan or the test.',
  },
  {
    ...BASE,
    kind: 'unresolved',
    id: `${FIRING}/unresolved`,
    time: '2026-11-24T02:10:30Z',
    reasons: ['Two executions began at that time and nobody else owns either.'],
    what_to_do: 'Look which of them is this one, then adopt it.',
  },
  {
    ...BASE,
    kind: 'expired',
    id: `${FIRING}/expired`,
    time: '2026-11-24T02:15:00Z',
    reasons: ['Not started by 2026-11-24T02:15:00Z: connection refused'],
  },
  {
    ...BASE,
    kind: 'skipped',
    id: `${FIRING}/skipped`,
    time: '2026-11-24T02:00:00Z',
    reasons: ['The execution before it still runs.'],
  },
  {
    version: 1,
    kind: 'missed',
    id: 'nightly:schedule-0:2026-11-24T23:00:00Z/missed',
    trigger: 'nightly',
    time: '2026-11-24T23:10:00Z',
    reasons: ['Schedule 0 was due, and no firing was recorded within 10 minutes.'],
    what_to_do: 'Fire the trigger by hand if the run is needed.',
    schedule: { index: 0, scheduled_time: '2026-11-24T23:00:00Z' },
    repeated: false,
  },
  {
    ...BASE,
    kind: 'recovered',
    id: `${FIRING}/recovered`,
    time: '2026-11-24T02:12:07Z',
    execution_id: EXECUTION,
    link: LINK,
    reasons: ['It passes again after 3 runs that did not.'],
    result: {
      ...RESULT,
      verdict: 'passed',
      completed_calls: 7,
      failed_calls: 0,
      success_rate: 100,
    },
  },
  {
    version: 1,
    kind: 'paused',
    id: 'nightly:paused:2026-11-24T02:12:07Z',
    trigger: 'nightly',
    time: '2026-11-24T02:12:07Z',
    reasons: Array.from({ length: 12 }, (_, index) => `Run ${index + 1} failed.`),
    what_to_do: 'Mend the agent, then resume the trigger.',
    repeated: false,
  },
  {
    version: 1,
    kind: 'budget',
    id: 'nightly:budget:2026-11',
    trigger: 'nightly',
    time: '2026-11-24T02:00:03Z',
    reasons: ['812 of 1,000 calls of this month are spent.'],
    repeated: false,
  },
];
