/** The name of the stack, before the stage's, and the value of the tag `project`. */
export const PROJECT = 'run-test-trigger';
