/** What a person gave cannot be used: the message says what it is and how to fix it. Exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
