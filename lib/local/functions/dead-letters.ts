import * as z from 'zod';
import { appendJsonLine, readJsonLines, writeFileAtomically } from '../files/state-file.ts';

const lineSchema = z.object({
  version: z.literal('1.0'),
  timestamp: z.iso.datetime(),
  requestContext: z.object({
    requestId: z.string(),
    functionArn: z.string(),
    condition: z.enum(['RetriesExhausted', 'EventAgeExceeded']),
    approximateInvokeCount: z.int(),
  }),
  requestPayload: z.unknown(),
  responseContext: z.object({
    statusCode: z.literal(200),
    executedVersion: z.literal('$LATEST'),
    functionError: z.literal('Unhandled'),
  }),
  responsePayload: z.unknown(),
});

/** An event given up, in the form of Lambda's on-failure destination record. */
export type DeadLetter = z.infer<typeof lineSchema>;

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
