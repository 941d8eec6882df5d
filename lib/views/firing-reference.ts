import { hash } from 'node:crypto';
import type { Firing } from '../../lambda/firing/firing.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import { firstOf } from '../../lambda/runtime/first-of.ts';
import { InputError, type Typed } from '../input-error.ts';

/** Among 10,000 firings, three of a thousand share six digits with another. */
const SHORT_LENGTH = 6;
const SHORTEST = 4;
const MOST_SHOWN = 5;

/** How a person types a firing: digits of the SHA-256 of its id, a prefix of which is enough. */
export function shortId(id: string): string {
  return hash('sha256', id).slice(0, SHORT_LENGTH);
}

/**
 * `last`, an id, or the unique beginning of one: with its trigger's whole name, among the firings of that trigger. For
 * the beginning of a short id it reads the whole index `recent`. Throws InputError where it names no single firing.
 */
export async function findFiring(
  reference: string,
  ledger: Pick<Ledger, 'read' | 'newestIds' | 'ofTrigger'>,
): Promise<Firing> {
  if (reference.length < SHORTEST) throw new InputError(noFiring(reference));
  // Ids that begin with a slash are the ledger's own notes.
  const exact = reference.startsWith('/') ? undefined : await ledger.read(reference);
  if (exact) return exact;
  const isLast = reference === 'last';
  const found: string[] = [];
  const [trigger = '', rest] = reference.split(':');
  const ids = rest === undefined ? ledger.newestIds() : ledger.ofTrigger(trigger);
  for await (const { id } of ids) {
    if (isLast || id.startsWith(reference) || shortId(id).startsWith(reference)) found.push(id);
    if (isLast) break;
  }
  const [only, second] = found;
  if (only && second) throw new InputError(ambiguous(reference, found));
  const firing = only && (await ledger.read(only));
  if (!firing) throw new InputError(noFiring(reference));
  return firing;
}

function ambiguous(reference: string, found: readonly string[]): string {
  const ids = found.map((id) => `${shortId(id)}  ${id}`);
  const lines = firstOf(ids, MOST_SHOWN).map((line) => `\n  ${line}`);
  return `${found.length} firings begin with ${reference}:${lines.join('')}`;
}

function noFiring(reference: string): (typed: Typed) => string {
  const more = reference.length < SHORTEST ? `; a short id has at least ${SHORTEST} digits` : '';
  return (typed) =>
    `No firing ${reference} is in this ledger: ${typed('history')} lists those that are${more}`;
}
