import { InputError } from '../input-error.ts';
import { awsFault } from '../target/aws-fault.ts';
import { FunctionFailedError } from '../target/invoke.ts';

/** Why the service did not answer, for a person; undefined where the error is a mistake of this program. */
export function serviceFault(error: unknown): string | undefined {
  if (error instanceof FunctionFailedError || error instanceof InputError) return error.message;
  return awsFault(error);
}
