import { InputError } from '../input-error.ts';
import { awsFault } from '../target/aws-fault.ts';
import { FunctionFailedError } from '../target/invoke.ts';
import { type Session, typed } from './program.ts';

/** Why the service did not answer, for a person; undefined where the error is a mistake of this program. */
export function serviceFault(error: unknown, session: Session): string | undefined {
  const command = (words: string) => typed(session, words);
  if (error instanceof FunctionFailedError) return error.message;
  return error instanceof InputError ? error.said(command) : awsFault(error, command);
}
