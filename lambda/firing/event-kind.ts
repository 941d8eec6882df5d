import * as z from 'zod/mini';

const KINDS = [
  'started',
  'passed',
  'failed',
  'inconclusive',
  'lost',
  'mismatch',
  'rejected',
  'unresolved',
  'expired',
  'skipped',
  'missed',
  'recovered',
  'paused',
  'budget',
] as const;

/** The words of `notify.on` in triggers.yaml, and of `detail.kind` in an event. */
export const kindSchema = z.enum(KINDS);

/** Also the words of `notify.on` and of `kind` in published events. */
export type EventKind = (typeof KINDS)[number];

/** The highest first; as PagerDuty names them. */
export const severitySchema = z.enum(['critical', 'error', 'info']);

/** How much an event matters: `critical`, nothing is tested until a person acts; `error`, a test shows something wrong. */
export type Severity = z.infer<typeof severitySchema>;

/** What is true of every event of a kind. A new kind does not compile until each question is answered. */
interface EventKindFacts {
  /** The `detail-type`, by which EventBridge rules route it. */
  readonly detailType: string;
  /** What happened to the trigger, in words that follow its name. */
  readonly headline: string;
  /** What catches the eye in a chat. */
  readonly symbol: string;
  /** Whether people are told of it where triggers.yaml has no `notify.on`. */
  readonly isToldByDefault: boolean;
  /** After a problem, something is wrong with the trigger until a firing shows that it works. */
  readonly group: 'problem' | 'notice';
  readonly severity: Severity;
  /** Whether a further one soon after (`notify.repeatAfter`) counts as repeated, of which people are not told. */
  readonly canRepeat: boolean;
  /** Undefined where the reason says it already, or there is nothing to do. */
  readonly whatToDo: string | undefined;
  /** The command of `rtt` that does it or shows more, and what it is about. */
  readonly next?: { readonly command: string; readonly of: 'firing' | 'trigger' };
  /** The part of docs/runbook.md about it. */
  readonly runbook?: string;
  /** Of a problem that is over: what was. */
  readonly past?: string;
}

const SHOW = { command: 'show', of: 'firing' } as const;
const RETRY = { command: 'retry', of: 'firing' } as const;
const FIRE = { command: 'fire', of: 'trigger' } as const;

const ROUTINE = {
  group: 'notice',
  severity: 'info',
  isToldByDefault: false,
  canRepeat: false,
  whatToDo: undefined,
} as const;
const PROBLEM = {
  group: 'problem',
  severity: 'error',
  isToldByDefault: true,
  canRepeat: true,
} as const;
/** A problem that needs a person each time: to look that execution up, or to resume the trigger. */
const DECISION = { ...PROBLEM, severity: 'critical', canRepeat: false } as const;

/** The only place that knows a kind's words, urgency and advice: a new kind needs one row. */
export const EVENT_KINDS: Readonly<Record<EventKind, EventKindFacts>> = {
  started: { ...ROUTINE, detailType: 'Execution Started', headline: 'has started', symbol: '▶️' },
  passed: { ...ROUTINE, detailType: 'Execution Passed', headline: 'passed', symbol: '✅' },
  failed: {
    ...PROBLEM,
    next: SHOW,
    past: 'It had failed',
    detailType: 'Execution Failed',
    headline: 'FAILED',
    symbol: '❌',
    whatToDo: 'Open the execution and look at the calls that failed.',
  },
  inconclusive: {
    ...PROBLEM,
    next: SHOW,
    past: 'It had ended without a verdict',
    detailType: 'Execution Inconclusive',
    headline: 'ended without a verdict',
    symbol: '❔',
    whatToDo: 'Look at the execution in Future AGI and judge for yourself.',
  },
  lost: {
    ...DECISION,
    next: { command: 'judge', of: 'firing' },
    past: 'Its execution was lost',
    runbook: 'execution-lost',
    detailType: 'Execution Lost',
    headline: 'is LOST',
    symbol: '⌛',
    whatToDo:
      'Look for the execution in Future AGI: it may hang, need a longer maxDuration in triggers.yaml, or be deleted. If it has ended, judge it with npx rtt judge.',
  },
  mismatch: {
    ...PROBLEM,
    next: SHOW,
    past: 'It had run other scenarios than asked for',
    detailType: 'Selection Mismatch',
    headline: 'runs other scenarios than asked for',
    symbol: '⚠️',
    whatToDo:
      'Compare execute in triggers.yaml with the run test; cancel the execution if it is not wanted.',
  },
  rejected: {
    ...PROBLEM,
    severity: 'critical',
    next: RETRY,
    past: 'It was refused',
    runbook: 'start-rejected',
    detailType: 'Start Rejected',
    headline: 'was refused and NOT started',
    symbol: '⛔',
    whatToDo: undefined,
  },
  unresolved: {
    ...DECISION,
    next: RETRY,
    past: 'It was not known whether it had started',
    runbook: 'start-unresolved',
    detailType: 'Start Unresolved',
    headline: 'is in doubt: not known whether it started',
    symbol: '❓',
    whatToDo:
      'Look at the run test’s executions in Future AGI; retry the firing only if it did not start.',
  },
  expired: {
    ...PROBLEM,
    severity: 'critical',
    next: FIRE,
    past: 'It was not started in time',
    detailType: 'Start Expired',
    headline: 'was NOT started in time',
    symbol: '⏰',
    whatToDo: 'Fire the trigger by hand if the run is still wanted.',
  },
  skipped: {
    ...ROUTINE,
    canRepeat: true,
    detailType: 'Start Skipped',
    headline: 'was skipped',
    symbol: '⏭️',
  },
  missed: {
    ...PROBLEM,
    severity: 'critical',
    next: RETRY,
    past: 'It did not fire',
    runbook: 'schedule-missed',
    detailType: 'Schedule Missed',
    headline: 'did NOT fire',
    symbol: '🔕',
    whatToDo:
      'Look at the dead-letter queues and the alarms of EventBridge Scheduler. Send the firing again if the run is still wanted.',
  },
  recovered: {
    ...ROUTINE,
    isToldByDefault: true,
    detailType: 'Trigger Recovered',
    headline: 'passes again',
    symbol: '✅',
  },
  paused: {
    ...DECISION,
    next: { command: 'resume', of: 'trigger' },
    past: 'It was paused',
    detailType: 'Trigger Paused',
    headline: 'is paused',
    symbol: '⏸️',
    whatToDo: 'Remove the cause, then resume the trigger.',
  },
  budget: {
    ...ROUTINE,
    isToldByDefault: true,
    canRepeat: true,
    detailType: 'Budget Nearly Spent',
    headline: 'has nearly spent its budget',
    symbol: '💰',
    whatToDo:
      'Raise budget in triggers.yaml if these runs are wanted; beyond it, firings are skipped.',
  },
};
