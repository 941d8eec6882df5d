import * as z from 'zod';
import { appendJsonLine, readJsonLines, writeFileAtomically } from '../files/state-file.ts';

/** What is read of a line: a person may have written it. */
const lineSchema = z.looseObject({
  timestamp: z.iso.datetime(),
  requestContext: z.looseObject({ requestId: z.string(), functionArn: z.string() }),
});

/** An event given up, in the form of Lambda's on-failure destination record. */
export interface DeadLetter {
  readonly version: '1.0';
  readonly timestamp: string;
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
    readonly approximateInvokeCount: number;
  };
  readonly requestPayload: unknown;
  readonly responseContext: {
    readonly statusCode: 200;
    readonly executedVersion: '$LATEST';
    readonly functionError: 'Unhandled';
  };
  readonly responsePayload: unknown;
}

/**
 * The events that were given up, one JSON object a line; they survive the local run. Opens the file at each use, so
 * that a person may edit it. Throws InputError when a line is damaged.
 */
export function deadLettersIn(file: string) {
  const read = () => readJsonLines(file, lineSchema);
  return {
    file,
    add: (letter: DeadLetter) => appendJsonLine(file, letter),
    /** Those of this function, oldest first. */
    of: (arn: string) =>
      read()
        .filter(
          ({ requestContext }) => requestContext.functionArn.replace(/:\$LATEST$/, '') === arn,
        )
        .map((letter) => ({
          id: letter.requestContext.requestId,
          /** As the service that gave the event up has written it. */
          body: JSON.stringify(letter),
          sentAt: new Date(letter.timestamp),
        })),
    remove(id: string): void {
      const kept = read().filter(({ requestContext }) => requestContext.requestId !== id);
      writeFileAtomically(file, kept.map((letter) => `${JSON.stringify(letter)}\n`).join(''));
    },
  };
}

/** Of all functions, in one file that every use reads anew. */
export type DeadLetters = ReturnType<typeof deadLettersIn>;
/** A dead letter as the local SQS gives it out; `body` is JSON. */
export type QueuedMessage = ReturnType<DeadLetters['of']>[number];
