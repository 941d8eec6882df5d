import { parentPort, workerData } from 'node:worker_threads';
import { InputError } from '../../input-error.ts';
import { synthesizeLocally } from './synthesize-locally.ts';

/** The thread of `synthesizeAside`: tells it each notice, and in the end what came of it. */
const { triggersFile, outdir, now } = workerData;
const tell = (message: object) => parentPort?.postMessage(message);
const clock = { now: () => now };
try {
  const notice = (text: string) => tell({ notice: text });
  tell({ synthesized: await synthesizeLocally(triggersFile, outdir, { clock, notice }) });
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  tell({ fault: error.message });
}
