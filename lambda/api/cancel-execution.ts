import { executionProgress } from './execution-progress.ts';
import { type ApiAccess, cancelRequest, send } from './future-agi.ts';

/** What became of a cancellation; `later` has certainly cancelled nothing. */
export interface Cancellation {
  readonly kind: 'cancelled' | 'not-needed' | 'failed' | 'later';
  readonly message: string;
}

/** Cancelling one of these would change the result of something that is over. */
const OVER = new Set(['completed', 'failed', 'cancelled', 'cancelling']);

/** Why nothing is to be cancelled (now); undefined when the execution is under way. Never rejects. */
export async function checkBeforeCancel(
  runTestId: string,
  executionId: string,
  access: ApiAccess,
): Promise<Cancellation | undefined> {
  const progress = await executionProgress(runTestId, executionId, access);
  if ('kind' in progress) {
    const message = `Its status cannot be read: ${progress.message}`;
    return { kind: progress.permanent ? 'failed' : 'later', message };
  }
  const { status } = progress;
  return OVER.has(status) ? { kind: 'not-needed', message: `It is ${status}` } : undefined;
}

/** Sends one request to cancel; the caller makes sure that it leaves at most once. Never rejects. */
export async function cancelExecution(
  executionId: string,
  { baseUrl, key, limits }: ApiAccess,
): Promise<Cancellation> {
  const answer = await send(cancelRequest(baseUrl, executionId, key), key, limits());
  if (answer.kind === 'broken') {
    return { kind: answer.written ? 'failed' : 'later', message: answer.reason };
  }
  if (answer.status === 429) return { kind: 'later', message: 'HTTP 429' };
  return answer.status >= 200 && answer.status < 300
    ? { kind: 'cancelled', message: 'The server has taken the request to cancel it' }
    : { kind: 'failed', message: `HTTP ${answer.status}` };
}
