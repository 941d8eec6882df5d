import * as z from 'zod';
import { readJsonLines } from '../local/files/state-file.ts';
import type { Target } from './target.ts';

const messageSchema = z.object({
  time: z.iso.datetime(),
  subject: z.string(),
  /** By protocol; `default` is for all others. */
  messages: z.object({ default: z.string(), email: z.string().optional() }),
});

/** A message as its readers by e-mail get it. */
export interface Message {
  readonly time: string;
  readonly subject: string;
  readonly text: string;
}

/** The messages that people would have been sent, newest first; undefined where nobody keeps them, as in AWS. */
export function readMessages({ messagesFile }: Target): Message[] | undefined {
  if (messagesFile === undefined) return undefined;
  return readJsonLines(messagesFile, messageSchema)
    .map(({ time, subject, messages }) => ({
      time,
      subject,
      text: messages.email ?? messages.default,
    }))
    .toReversed();
}
