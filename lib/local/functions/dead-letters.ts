import * as z from 'zod';
import { appendJsonLine, readJsonLines, writeFileAtomically } from '../files/state-file.ts';
import type { DeadLetter } from './async-invocations.ts';

/** A message of a dead-letter queue. */
export interface QueuedMessage {
  readonly id: string;
  /** As the service that gave the event up has written it. */
  readonly body: string;
  readonly sentAt: Date;
}

/** The events that were given up, one JSON object a line; they survive the local run. */
export interface DeadLetters {
  readonly file: string;
  add(letter: DeadLetter): void;
  /** Those of this function, oldest first. */
  of(functionArn: string): QueuedMessage[];
  remove(id: string): void;
}

const lineSchema = z.looseObject({
  timestamp: z.iso.datetime(),
  requestContext: z.looseObject({ requestId: z.string(), functionArn: z.string() }),
});

/** Opens the file at each use, so that a person may edit it. Throws InputError when a line is damaged. */
export function deadLettersIn(file: string): DeadLetters {
  const read = () => readJsonLines(file, lineSchema);
  return {
    file,
    add: (letter) => appendJsonLine(file, letter),
    of: (arn) =>
      read()
        .filter(
          ({ requestContext }) => requestContext.functionArn.replace(/:\$LATEST$/, '') === arn,
        )
        .map((letter) => ({
          id: letter.requestContext.requestId,
          body: JSON.stringify(letter),
          sentAt: new Date(letter.timestamp),
        })),
    remove(id) {
      const kept = read().filter(({ requestContext }) => requestContext.requestId !== id);
      writeFileAtomically(file, kept.map((letter) => `${JSON.stringify(letter)}\n`).join(''));
    },
  };
}
