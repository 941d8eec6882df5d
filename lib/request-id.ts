import { randomBytes } from 'node:crypto';

/** Of a start by hand: unique in a ledger, and short enough to be read out. */
export function newRequestId(): string {
  return `cli-${randomBytes(6).toString('hex')}`;
}
