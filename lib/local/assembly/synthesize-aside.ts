import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { InputError } from '../../input-error.ts';
import type { SynthesizedLocally, synthesizeLocally } from './synthesize-locally.ts';

/** Compiled in the package. */
const THREAD = join(import.meta.dirname, `synthesis-thread${extname(import.meta.filename)}`);

/** Does the same in a thread of its own: the functions that run ask the ledger of this one meanwhile. */
export const synthesizeAside: typeof synthesizeLocally = (triggersFile, outdir, settings) =>
  new Promise((resolve, reject) => {
    const workerData = { triggersFile, outdir, now: settings.clock.now() };
    new Worker(THREAD, { workerData })
      .on('error', reject)
      .on('message', ({ notice, fault, synthesized }: Message) => {
        if (notice !== undefined) settings.notice(notice);
        if (fault !== undefined) reject(new InputError(fault));
        if (synthesized) resolve(synthesized);
      });
  });

interface Message {
  readonly notice?: string;
  readonly fault?: string;
  readonly synthesized?: SynthesizedLocally;
}
