import type { MiddlewareObj } from '@middy/core';
import { log } from './log.ts';

/** What a person asks cannot be done, and nothing has changed. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/**
 * Answers `{ refused }` where a RefusedError is thrown: that is not a failure of the function. A start fails all the
 * same: nobody may wait for its answer, and then its event must reach the dead-letter queue.
 */
export const answerRefusals: MiddlewareObj = {
  onError: (request) => {
    const { error, event } = request;
    if (!(error instanceof RefusedError) || isStart(event)) return;
    log('command_refused', { message: error.message });
    request.response = { refused: error.message };
  },
};

function isStart(event: unknown): boolean {
  return (
    typeof event === 'object' && event !== null && 'requestId' in event && !('command' in event)
  );
}
