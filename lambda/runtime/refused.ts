import type { MiddlewareObj } from '@middy/core';
import { log } from './log.ts';

/** What a person asks cannot be done, and nothing has changed. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** Answers `{ refused }` where a RefusedError is thrown: that is not a failure of the function. */
export const answerRefusals: MiddlewareObj = {
  onError: (request) => {
    const { error } = request;
    if (!(error instanceof RefusedError)) return;
    log('command_refused', { message: error.message });
    request.response = { refused: error.message };
  },
};
