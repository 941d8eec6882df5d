import { getSystemErrorMessage } from 'node:util';
import * as z from 'zod';

const faultSchema = z.object({ errno: z.int(), syscall: z.string(), path: z.string() });

/** What a person can do about a file or folder that the system refuses; undefined where the error is another. */
export function fileFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { data } = faultSchema.safeParse({ ...error });
  if (!data) return undefined;
  const { errno, syscall, path } = data;
  const why = `${getSystemErrorMessage(errno)} (${syscall})`;
  return `${path} cannot be used: ${why}. Fix that, or name another file or folder`;
}
