import { randomBytes } from 'node:crypto';

/** The id of a person's start: unique in a ledger, and short enough to read aloud. */
export function newRequestId(): string {
  return `cli-${randomBytes(6).toString('hex')}`;
}
