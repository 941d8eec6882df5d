import { advance } from '../advance.ts';
import type { DeployedConfig } from '../config/deployed-config.ts';
import type { Core } from '../core.ts';
import type { Firing } from '../firing/firing.ts';
import { awaitsCancel } from '../firing/mismatch.ts';
import { isFinal } from '../firing/transition.ts';
import { follow } from '../follow/follow.ts';
import type { Pause } from '../policies/admission-record.ts';
import { pauseTrigger, resumeTrigger } from '../policies/pause.ts';
import { type RetryResult, retryFiring } from '../start/retry.ts';
import type { Command } from './command.ts';
import { type DryRun, dryRun } from './dry-run.ts';
import { deployedTrigger } from './event.ts';

/** The answer to each order. */
export interface Answers {
  readonly describe: DeployedConfig & { readonly apiBaseUrl: string };
  readonly dryRun: DryRun;
  readonly poll: { readonly firing?: Firing };
  readonly retry: RetryResult;
  readonly pause: { readonly pause: Pause };
  /** The pause that is over now; absent when nothing was paused. */
  readonly resume: { readonly pause?: Pause };
}

/** Follows a person's order. @param until when the function is killed. */
export async function handleCommand(
  command: Command,
  config: DeployedConfig,
  core: Core,
  until: Date,
): Promise<Answers[keyof Answers]> {
  switch (command.command) {
    case 'describe':
      return { ...config, apiBaseUrl: core.apiBaseUrl };
    case 'dryRun':
      return dryRun(command, config.triggers, core, until);
    case 'poll':
      return look(command.firing, core, until);
    case 'retry':
      return retry(command, core, until);
    case 'pause':
      return { pause: await pauseTrigger(withDate(checked(command, config)), core) };
    case 'resume': {
      const pause = await resumeTrigger(checked(command, config), core);
      return pause ? { pause } : {};
    }
  }
}

function withDate({ until, ...command }: Extract<Command, { command: 'pause' }>) {
  return { ...command, ...(until !== undefined && { until: new Date(until) }) };
}

/** A pause of a misspelt trigger would stop nothing. */
function checked<T extends { readonly trigger?: string | undefined }>(
  command: T,
  { triggers }: DeployedConfig,
): T {
  if (command.trigger !== undefined) deployedTrigger(command.trigger, triggers);
  return command;
}

/** Only an execution is looked at early: what waits for another start waits for a reason. */
async function look(id: string, core: Core, until: Date): Promise<Answers['poll']> {
  const firing = await core.ledger.read(id);
  if (!firing) return {};
  const isUnderWay = firing.state === 'started' && !isFinal(firing) && !awaitsCancel(firing);
  return { firing: isUnderWay ? await follow(firing, core, until) : firing };
}

async function retry(
  { firing, by, reason }: Extract<Command, { command: 'retry' }>,
  core: Core,
  until: Date,
): Promise<RetryResult> {
  const retried = await retryFiring(firing, { by, reason }, core);
  if (retried.kind !== 'retried') return retried;
  const advanced = await advance(retried.firing, core, until);
  const isLookedFor = retried.firing.state === 'unknown' && advanced.state === 'due';
  return { ...retried, firing: isLookedFor ? await advance(advanced, core, until) : advanced };
}
