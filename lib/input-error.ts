/** Completes the words behind `rtt` to a command that runs when pasted. */
export type Typed = (words: string) => string;

/** What a person gave cannot be used: the message says what it is and how to fix it. Exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** The message, with its commands as this person can paste them. */
  readonly said: (typed: Typed) => string;

  /** @param message with commands in it, a function of how they are typed. */
  constructor(message: string | InputError['said'], options?: ErrorOptions) {
    const said = typeof message === 'string' ? () => message : message;
    super(
      said((words) => `npx rtt ${words}`),
      options,
    );
    this.said = said;
  }
}
