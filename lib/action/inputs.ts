import type { Io } from '../cli/io.ts';

/** An input of action.yml as GitHub passes it; empty where it is not given. */
export function input(environment: Io['environment'], name: string): string {
  return environment[`INPUT_${name.toUpperCase()}`]?.trim() ?? '';
}

/** The scenarios of the input, by id or name. */
export function scenariosIn(environment: Io['environment']): string[] {
  const lines = input(environment, 'scenarios').split('\n');
  return lines.map((each) => each.trim()).filter((each) => each !== '');
}

/** The same in every attempt of the job, so a repeated one finds what a lost runner has started. */
export function jobId({ GITHUB_RUN_ID = '0', GITHUB_JOB = 'job' }: Io['environment']): string {
  return `github-${GITHUB_RUN_ID}-${GITHUB_JOB}`.replace(/[^\w.-]/g, '-').slice(0, 60);
}
