import { executeByHand } from './by-hand.ts';

/** By hand, with the global `fetch`. */
export const handler = (event: { trigger: string; scheduledTime: string }) =>
  executeByHand(event, async (url, init) => (await fetch(url, init)).text());
