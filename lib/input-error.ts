/** What the operator gave cannot be used: the message says what and how to mend it. Exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
