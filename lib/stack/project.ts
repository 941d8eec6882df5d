/** The name of the stack, before the stage's, and the value of the tag `project`. */
export const PROJECT = 'run-test-trigger';

/** Without a stage it is the only environment of its account. */
export function stackNameOf(stage: string | undefined): string {
  return stage === undefined ? PROJECT : `${PROJECT}-${stage}`;
}
