import { InputError } from '../input-error.ts';
import { findRun } from '../local/files/run-file.ts';
import { localTarget } from './local-target.ts';
import type { Target, TargetOptions } from './target.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The local run where one is running, unless an option or the AWS environment asks for a deployed stack. Throws
 * InputError when there is no such thing, and the SDK's error when AWS cannot be asked.
 */
export async function chooseTarget(
  options: TargetOptions,
  environment: Environment,
): Promise<Target> {
  if (options.local) return localTarget(await runningRun(options));
  if (!asksForDeployed(options, environment)) {
    const run = await findRun(options.stateDir);
    if (run !== undefined && run !== 'stale') return localTarget(run);
    if (!hasRegion(environment)) throw new InputError(NEITHER);
  }
  const { deployedTarget } = await import('./deployed-target.ts');
  return deployedTarget(options);
}

async function runningRun({ stateDir }: TargetOptions) {
  const run = await findRun(stateDir);
  if (run === 'stale') {
    throw new InputError(`The local run of ${stateDir} has died: start it again with npm start`);
  }
  if (run) return run;
  throw new InputError(`No local run is running in ${stateDir}: start one with npm start`);
}

/** An endpoint alone asks for nothing: the local run's own functions have one, too. */
function asksForDeployed(
  { stack, stage, region, profile }: TargetOptions,
  environment: Environment,
): boolean {
  const asked = stack ?? stage ?? region ?? profile;
  return Boolean(asked || environment.AWS_PROFILE || environment.AWS_ACCESS_KEY_ID);
}

function hasRegion({ AWS_REGION, AWS_DEFAULT_REGION }: Environment): boolean {
  return Boolean(AWS_REGION || AWS_DEFAULT_REGION);
}

const NEITHER =
  'No local run is running, and no deployed stack is named: run npm start, or name one with --stage, --stack, --region or --profile';
