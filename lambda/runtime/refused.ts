import { log } from './log.ts';

/** What a person asks cannot be done, and nothing has changed. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** What the work gives, or why it is refused: that is an answer, not a failure of the function. */
export async function orRefused<T>(work: Promise<T>): Promise<T | { readonly refused: string }> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    log('command_refused', { message: error.message });
    return { refused: error.message };
  }
}
