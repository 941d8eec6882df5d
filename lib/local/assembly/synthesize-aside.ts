import { once } from 'node:events';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { InputError } from '../../input-error.ts';
import type { SynthesizedLocally, synthesizeLocally } from './synthesize-locally.ts';

/** Compiled in the package. */
const THREAD = join(import.meta.dirname, `synthesis-thread${extname(import.meta.filename)}`);

/** Does the same in a thread of its own: the functions that run ask the ledger of this one meanwhile. */
export async function synthesizeAside(
  ...workerData: Parameters<typeof synthesizeLocally>
): Promise<SynthesizedLocally> {
  try {
    const thread = new Worker(THREAD, { workerData });
    const [synthesized] = await Promise.race([once(thread, 'message'), endOf(thread)]);
    return synthesized;
  } catch (error) {
    // What a thread throws arrives as a copy, without its class.
    const isInput = error instanceof Error && error.name === 'InputError';
    throw isInput ? new InputError(error.message) : error;
  }
}

/** A thread may end without an answer and without an error, as when its memory is used up. */
async function endOf(thread: Worker): Promise<never> {
  const [code] = await once(thread, 'exit');
  throw new Error(`The thread that synthesizes ended with ${code} and without an answer`);
}
