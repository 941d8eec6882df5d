import { createHash } from 'node:crypto';

/** So many parts hold all triggers, in the bundles and in the ledger. It never changes: a trigger keeps its part. */
const PARTS = 256;

/** One of 256, by a hash of the name: adding or removing a trigger moves no other. */
export function partOf(trigger: string): string {
  const [byte = 0] = createHash('sha256').update(trigger).digest();
  return String(byte % PARTS);
}

/** Of anything that is JSON. */
export function fingerprintOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
