import type { Firing } from '../firing/firing.ts';
import type { Ledger } from './ledger.ts';

/**
 * Writes the next state of a firing and returns it, after `onWritten`. When somebody else wrote in between, nothing
 * happens, and the firing is returned as the ledger then holds it.
 */
export async function writeOrLatest<T extends Firing>(
  ledger: Pick<Ledger, 'read' | 'write'>,
  from: Firing,
  to: T,
  onWritten?: (written: T) => void,
): Promise<Firing> {
  const written = await ledger.write(from, to);
  if (!written) return latest(ledger, from);
  onWritten?.(written);
  return written;
}

/** The firing as the ledger holds it now. */
export async function latest(ledger: Pick<Ledger, 'read'>, { id }: Firing): Promise<Firing> {
  const current = await ledger.read(id);
  if (!current) throw new Error(`Firing ${id} is no longer in the ledger`);
  return current;
}
