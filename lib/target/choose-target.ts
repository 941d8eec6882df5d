import { InputError, type Typed } from '../input-error.ts';
import { findRun, readRunFile } from '../local/files/run-file.ts';
import { localTarget } from './local-target.ts';
import type { Target, TargetOptions } from './target.ts';

/** Neither a local run nor a deployed stack is there or named. */
export class NoTargetError extends InputError {}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The local run or the deployed stack that the options and the environment mean; `announce` gets its name before any
 * network. Throws InputError when there is none, or when both are meant: a command must never reach for the cloud because
 * of a variable that somebody exported. Throws the SDK's error when AWS cannot be asked.
 */
export async function chooseTarget(
  options: TargetOptions,
  environment: Environment,
  announce: (name: string) => void,
): Promise<Target> {
  const deployed = async () => {
    const { deployedTarget } = await import('./deployed-target.ts');
    return deployedTarget(options, announce);
  };
  if (options.stack ?? options.stage ?? options.region ?? options.profile) return deployed();
  const run = options.local ? await runningRun(options) : await findRun(options.stateDir);
  const variable = options.local ? undefined : AWS_VARIABLES.find((name) => environment[name]);
  if (run === undefined || run === 'stale') {
    const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
    if (variable === undefined && !region) throw new NoTargetError(NEITHER);
    return deployed();
  }
  if (variable !== undefined) {
    throw new InputError(
      `A local run is at ${run.url}, and ${variable} asks for a deployed stack: add --local, or --stack run-test-trigger`,
    );
  }
  const target = localTarget(run, () => readRunFile(options.stateDir) ?? run);
  announce(target.name);
  return target;
}

/** An endpoint alone asks for nothing: the local run's own functions have one, too. */
const AWS_VARIABLES = ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID'];

async function runningRun({ stateDir }: TargetOptions) {
  const run = await findRun(stateDir);
  if (run === 'stale') {
    throw new InputError(
      (typed) => `The local run of ${stateDir} has died: start it again with ${typed('start')}`,
    );
  }
  if (run) return run;
  throw new InputError(
    (typed) => `No local run is running in ${stateDir}: start one with ${typed('start')}`,
  );
}

const NEITHER = (typed: Typed) =>
  `No local run is running, and no deployed stack is named: run ${typed('start')}, or name one with --stage, --stack, --region or --profile`;
