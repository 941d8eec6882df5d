import { appendFileSync } from 'node:fs';
import { InputError } from '../input-error.ts';
import { githubAnnotation, githubOutputs } from '../report/github.ts';
import type { ReportedRun } from '../report/junit.ts';
import { markdown } from '../report/markdown.ts';
import type { Io } from './io.ts';

/** What the step of a GitHub job in which this runs tells. Throws InputError where it is not one. */
export function githubStep({ environment, stdout }: Pick<Io, 'environment' | 'stdout'>) {
  const { GITHUB_OUTPUT, GITHUB_STATE, GITHUB_STEP_SUMMARY } = environment;
  if (!GITHUB_OUTPUT) {
    throw new InputError(
      '--report github is for a step of GitHub Actions: GITHUB_OUTPUT is not set',
    );
  }
  let written = '';
  const seen = (facts: ReportedRun['facts']) => {
    const outputs = githubOutputs(facts);
    if (outputs === written) return;
    // Of a name that is there twice, GitHub takes the last value.
    appendFileSync(GITHUB_OUTPUT, outputs);
    if (GITHUB_STATE) appendFileSync(GITHUB_STATE, outputs);
    written = outputs;
  };
  return {
    /** Writes the outputs, and the same for what runs after the step, as soon as they are known. */
    seen,
    /** Writes the outputs, the summary of the job and an annotation. */
    over(run: ReportedRun): void {
      seen(run.facts);
      if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, markdown(run));
      stdout.write(githubAnnotation(run));
    },
  };
}

/** `seen` may be called at each poll: it writes only what has changed. Call `over` once: it appends. */
export type GithubStep = ReturnType<typeof githubStep>;
