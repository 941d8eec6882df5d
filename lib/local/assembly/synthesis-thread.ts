import { parentPort, workerData } from 'node:worker_threads';
import { synthesizeLocally } from './synthesize-locally.ts';

/** The thread of `synthesizeAside`. */
const [triggersFile, outdir, now] = workerData;
parentPort?.postMessage(await synthesizeLocally(triggersFile, outdir, now));
