import type { Firing, SkippedBy } from '../../lambda/firing/firing.ts';
import { isFinal, STATES } from '../../lambda/firing/states.ts';
import { shortId } from './firing-reference.ts';

/** What comes next: a sentence, and what a person can do as command lines, without `rtt`. */
export interface NextStep {
  readonly what: string;
  readonly commands: readonly string[];
}

/** A retry sends what was recorded, also while the trigger is paused: it knows of no change in the triggers file. */
const RETRY: Partial<Record<Firing['state'], readonly [what: string, reason: string]>> = {
  rejected: [
    'Remove the cause, then send it again as it was, or look at what the trigger would start now:',
    'the cause is removed',
  ],
  unresolved: [
    'Look at the executions of the run test in Future AGI. Only if it did not start, send it again:',
    'it did not start',
  ],
  missed: ['If the run is still wanted, start it now:', 'it is still wanted'],
};

/** A retry has looked for its execution again, and the list still cannot tell. */
const SEND_ANYWAY =
  'The list was read again and cannot tell. Send it anyway only if it did not start; if it did, it runs twice:';

const SKIPPED: Readonly<Record<SkippedBy, (trigger: string) => NextStep>> = {
  pause: (trigger) => endPause(trigger, trigger),
  'pause-of-all': (trigger) => endPause('--all', trigger),
  overlap: (trigger) => ({
    what: 'When the other run is over, if this one is still wanted:',
    commands: [`fire ${trigger} --dry-run`, `fire ${trigger}`],
  }),
  budget: (trigger) => ({
    what: 'Wait for the next day or month, or raise budget in triggers.yaml. What is left:',
    commands: [`fire ${trigger} --dry-run`],
  }),
};

function endPause(paused: string, trigger: string): NextStep {
  return {
    what: 'End the pause, or start this run in spite of it:',
    commands: [`resume ${paused} --reason "it works again"`, `fire ${trigger} --even-if-paused`],
  };
}

/** What comes next for a firing; undefined where it is over and well. `link` is the page of its execution. Pure. */
export function nextStep(firing: Firing, link: string | undefined): NextStep | undefined {
  const { state, result, execution } = firing;
  const { hasExecution, next } = STATES[state];
  if (!isFinal(firing)) return next === undefined ? undefined : { what: next, commands: [] };
  if (!hasExecution) return stepWithoutExecution(firing);
  if (state !== 'lost' && (result === undefined || result.verdict === 'passed')) return undefined;
  const page = link ?? `the execution ${execution?.id} in Future AGI`;
  return { what: `Open ${page} and look at its calls.`, commands: [] };
}

/** A firing that is over and has no execution. */
export interface NotStarted extends Pick<Firing, 'id' | 'trigger' | 'state'> {
  readonly skippedBy?: SkippedBy | undefined;
  readonly retries?: Firing['retries'];
}

/** What a person does about it. Pure. */
export function stepWithoutExecution(firing: NotStarted): NextStep {
  const { id, trigger, state, skippedBy, retries } = firing;
  if (skippedBy) return SKIPPED[skippedBy](trigger);
  const retry = RETRY[state];
  if (retry) {
    const [what, reason] = retry;
    const command = `retry ${shortId(id)} --reason "${reason}"`;
    // What the triggers file says now may start, or be skipped: its refusals pause a trigger.
    const look = state === 'rejected' ? [`fire ${trigger} --dry-run`] : [];
    const isLookedFor = state === 'unresolved' && retries?.at(-1)?.from === 'unresolved';
    return isLookedFor
      ? { what: SEND_ANYWAY, commands: [`${command} --send-anyway`] }
      : { what, commands: [command, ...look] };
  }
  const what = 'If the run is still wanted:';
  return { what, commands: [`fire ${trigger} --dry-run`, `fire ${trigger}`] };
}
