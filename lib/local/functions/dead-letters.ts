import { appendFileSync } from 'node:fs';
import * as z from 'zod';
import { InputError } from '../../input-error.ts';
import { readIfPresent, writeFileAtomically } from '../files/state-file.ts';
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
  return {
    file,
    add: (letter) => appendFileSync(file, `${JSON.stringify(letter)}\n`),
    of: (functionArn) =>
      read(file)
        .filter((letter) => letter.functionArn.replace(/:\$LATEST$/, '') === functionArn)
        .map(({ id, body, sentAt }) => ({ id, body, sentAt })),
    remove(id) {
      const kept = read(file).filter((letter) => letter.id !== id);
      writeFileAtomically(file, kept.map(({ body }) => `${body}\n`).join(''));
    },
  };
}

function read(file: string): (QueuedMessage & { readonly functionArn: string })[] {
  const lines = (readIfPresent(file) ?? '').split('\n').filter((line) => line !== '');
  return lines.map((body, index) => {
    try {
      const { timestamp, requestContext } = lineSchema.parse(JSON.parse(body));
      const { requestId: id, functionArn } = requestContext;
      return { id, functionArn, body, sentAt: new Date(timestamp) };
    } catch {
      throw new InputError(`${file}:${index + 1} is damaged: mend the line or delete it`);
    }
  });
}
