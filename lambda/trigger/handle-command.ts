import { advance } from '../advance.ts';
import type { DeployedConfig } from '../config/deployed-config.ts';
import type { Firing } from '../firing/firing.ts';
import { isFollowed } from '../firing/states.ts';
import { type CancelResult, cancelRun } from '../follow/cancel-run.ts';
import { follow } from '../follow/follow.ts';
import { type JudgeAgainResult, judgeAgain } from '../follow/judge-again.ts';
import { resetReference } from '../follow/reference.ts';
import { hasFired } from '../ledger/has-fired.ts';
import type { Pause } from '../policies/admission-record.ts';
import { pauseTrigger, resumeTrigger } from '../policies/pause.ts';
import { type RetryResult, retryFiring } from '../start/retry.ts';
import type { StartContext } from '../start/start.ts';
import type { Command } from './command.ts';
import { type DryRun, dryRun } from './dry-run.ts';
import { deployedTrigger } from './event.ts';

/** By command, as JSON. */
export interface Answers {
  readonly describe: DeployedConfig & { readonly apiBaseUrl: string };
  readonly 'dry-run': DryRun;
  readonly poll: { readonly firing?: Firing };
  readonly judge: JudgeAgainResult;
  readonly cancel: CancelResult;
  readonly 'reset-reference': { readonly since: string };
  readonly retry: RetryResult;
  readonly pause: { readonly pause: Pause };
  /** The pause that is over now; absent when nothing was paused. */
  readonly resume: { readonly pause?: Pause };
}

/** Does what a person asks. @param until when the function is killed. */
export async function handleCommand(
  command: Command,
  config: DeployedConfig,
  context: StartContext,
  until: Date,
): Promise<Answers[keyof Answers]> {
  switch (command.command) {
    case 'describe':
      return { ...config, apiBaseUrl: context.api.baseUrl };
    case 'dry-run':
      return dryRun(command, config.triggers, context, until);
    case 'poll':
      return poll(command.firing, context, until);
    case 'judge':
      return judgeAgain(command.firing, command.by, context, until);
    case 'cancel':
      return cancelRun(command, context, until);
    case 'reset-reference':
      deployedTrigger(command.trigger, config.triggers);
      return resetReference(command, context);
    case 'retry':
      return retry(command, context, until);
    case 'pause':
      await checkKnown(command, config, context);
      return { pause: await pauseTrigger(withDate(command), context) };
    case 'resume': {
      await checkKnown(command, config, context);
      const pause = await resumeTrigger(command, context);
      return pause ? { pause } : {};
    }
  }
}

function withDate({ until, ...command }: Extract<Command, { command: 'pause' }>) {
  return { ...command, ...(until !== undefined && { until: new Date(until) }) };
}

/** A pause of a misspelt trigger would stop nothing; that of a removed one stops what still waits. */
async function checkKnown(
  { trigger }: { readonly trigger?: string | undefined },
  { triggers }: DeployedConfig,
  { ledger }: StartContext,
): Promise<void> {
  if (trigger === undefined || Object.hasOwn(triggers, trigger)) return;
  if (!(await hasFired(trigger, ledger))) deployedTrigger(trigger, triggers);
}

/** Only an execution is polled early: what waits for another start waits for a reason. */
async function poll(id: string, context: StartContext, until: Date): Promise<Answers['poll']> {
  const firing = await context.ledger.read(id);
  if (!firing) return {};
  return { firing: isFollowed(firing) ? await follow(firing, context, until) : firing };
}

async function retry(
  { firing, ...order }: Extract<Command, { command: 'retry' }>,
  context: StartContext,
  until: Date,
): Promise<RetryResult> {
  const retried = await retryFiring(firing, order, context);
  if (retried.kind !== 'retried') return retried;
  const advanced = await advance(retried.firing, context, until);
  const wasInDoubt = retried.firing.state === 'unknown' && advanced.state === 'due';
  return { ...retried, firing: wasInDoubt ? await advance(advanced, context, until) : advanced };
}
