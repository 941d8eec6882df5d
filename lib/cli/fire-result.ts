import * as z from 'zod';
import type { FiringReport } from '../../lambda/firing/firing-report.ts';
import { STATES, type State } from '../../lambda/firing/states.ts';
import type { Outcome } from '../local/functions/function-process.ts';
import { shortId } from '../views/firing-reference.ts';
import { type NextStep, stepWithoutExecution } from '../views/next-step.ts';
import { EXIT } from './io.ts';
import type { Style } from './style.ts';
import { details } from './table.ts';

/** The command function's report, or what stands for it when the function failed. */
export type FireReport = Partial<FiringReport> & {
  readonly error?: string;
  /** Present where the API is the built-in stand-in. */
  readonly stand_in?: true;
};

/** What decides the exit code, and what a person can do next. */
const decisiveSchema = z.object({
  firing: z.string(),
  trigger: z.string(),
  state: z.enum(Object.keys(STATES)),
});
const reportSchema = z.custom<FiringReport>(
  (value) => decisiveSchema.safeParse(value).success,
  'The function has not answered with a report of a firing',
);

/** Throws ZodError where what the function returned is not a report. */
export function readFireReport(outcome: Outcome | 'throttled'): FireReport {
  if (outcome === 'throttled') return { error: THROTTLED };
  if (!outcome.ok) return { error: outcome.error.errorMessage };
  return reportSchema.parse(JSON.parse(outcome.payload));
}

const THROTTLED = 'Rate exceeded';

interface Next {
  /** Where to look the firing up later, as a command line. */
  readonly look: string;
  readonly typed: (words: string) => string;
}

/** Ends with what to do next, as command lines that can be pasted. Pure. */
export function formatFireReport(report: FireReport, next: Next, style: Style): string {
  const { state, firing } = report;
  const headline = state ? STATES[state].headline : NOT_KNOWN[notKnown(report)].headline;
  const rows = {
    firing,
    'short id': firing && shortId(firing),
    state,
    'execution id': report.execution_id,
    status: report.status?.toLowerCase(),
    'total scenarios': report.total_scenarios,
    'total calls': report.total_calls,
    message: report.message,
    error: report.error,
    api: report.stand_in && 'built-in stand-in, nothing is billed',
  };
  return [
    `${style(['bold', colorOf(state)], headline)}\n`,
    details(Object.entries(rows), style),
    formatNext(stepOf(report, next), style),
  ].join('');
}

/** What comes next, and below it the commands, which are whole command lines. */
export function formatNext({ what, commands }: NextStep, style: Style): string {
  if (what === '') return '';
  const lines = commands.map((line) => `    ${style('cyan', line)}\n`);
  return `\n${details([['next', what]], style)}${lines.join('')}`;
}

function stepOf(report: FireReport, { look, typed }: Next): NextStep {
  const { firing: id, trigger, state, skipped_by: skippedBy } = report;
  if (!state) return { what: NOT_KNOWN[notKnown(report)].next, commands: [look] };
  const { phase, next = '' } = STATES[state];
  if (phase !== 'final') return { what: next, commands: [look] };
  if (id === undefined || trigger === undefined) return { what: '', commands: [] };
  const { what, commands } = stepWithoutExecution({ id, trigger, state, skippedBy });
  return { what, commands: commands.map(typed) };
}

function colorOf(state: State | undefined): 'green' | 'yellow' | 'red' {
  if (state === 'started') return 'green';
  return state && STATES[state].phase === 'pending' ? 'yellow' : 'red';
}

/** 0 started; 3 in any other state, or throttled; 5 where the function failed and may have recorded the firing. */
export function exitCodeOf(report: FireReport): number {
  if (report.state) return report.state === 'started' ? EXIT.ok : EXIT.notStarted;
  return NOT_KNOWN[notKnown(report)].exitCode;
}

/** A function that failed may have recorded the firing; one that was too busy has not. */
const NOT_KNOWN = {
  throttled: {
    headline: 'Not started',
    next: 'The service is busy. Try again:',
    exitCode: EXIT.notStarted,
  },
  failed: {
    headline: STATES.unknown.headline,
    next: 'If the firing was recorded, it goes on. Look before you fire again:',
    exitCode: EXIT.lostSight,
  },
} as const;

function notKnown({ error }: FireReport): keyof typeof NOT_KNOWN {
  return error === THROTTLED ? 'throttled' : 'failed';
}
