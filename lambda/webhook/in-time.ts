import { log } from '../runtime/log.ts';
import { type Answer, UNAVAILABLE } from './answer.ts';

/** GitHub gives a delivery up after 10 s. */
export const ANSWER_WITHIN_MS = 9_000;

/**
 * The answer, or `unavailable` when something behind the webhook hangs. What was begun then loses its condition or
 * its time, and the sweep goes on with what was recorded; the sender's repetition starts nothing twice.
 */
export async function inTime(answer: Promise<Answer>, limitMs = ANSWER_WITHIN_MS): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => {
      log('webhook_failed', { message: `no answer within ${limitMs} ms` });
      resolve(UNAVAILABLE);
    }, limitMs);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}
