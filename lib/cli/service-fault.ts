import { InputError } from '../input-error.ts';
import { awsFault } from '../target/aws-fault.ts';
import { FunctionFailedError } from '../target/invoke.ts';
import type { Session } from './program.ts';

/**
 * What the work gives or, where the service did not answer, what `otherwise` makes of the reason, for a
 * person, and of the error itself.
 */
export async function orFault<T, F>(
  work: Promise<T>,
  otherwise: (fault: string, error: unknown) => F,
  session: Session,
): Promise<T | F> {
  try {
    return await work;
  } catch (error) {
    const fault = serviceFault(error, session);
    if (fault === undefined) throw error;
    return otherwise(fault, error);
  }
}

/** Undefined where the error is a mistake of this program. */
function serviceFault(error: unknown, { typed }: Session): string | undefined {
  if (error instanceof FunctionFailedError) return error.message;
  return error instanceof InputError ? error.said(typed) : awsFault(error, typed);
}
