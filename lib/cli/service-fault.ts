import { InputError } from '../input-error.ts';
import { awsFault } from '../target/aws-fault.ts';
import { FunctionFailedError } from '../target/invoke.ts';
import type { Session } from './program.ts';

/** Why the service did not answer, for a person; undefined where the error is a mistake of this program. */
export function serviceFault(error: unknown, { typed }: Session): string | undefined {
  if (error instanceof FunctionFailedError) return error.message;
  return error instanceof InputError ? error.said(typed) : awsFault(error, typed);
}
