import * as z from 'zod';
import { readMinutes } from './duration.ts';
import type { Report } from './problem.ts';

/** A text that `read` turns into its value; what it reports becomes an issue with its place in the text. */
export function leaf<T>(read: (text: string, report: Report) => T | undefined) {
  return z
    .string({ error: ({ input }) => complaint(read, input) })
    .transform((text, context): T => {
      const value = read(text, (message, offset = 0) => {
        context.issues.push({ code: 'custom', message, input: text, params: { offset } });
      });
      return value ?? z.NEVER;
    });
}

/** A number gets the answer that its text would get, which says more than that it must be text. */
function complaint(read: (text: string, report: Report) => unknown, input: unknown) {
  const messages: string[] = [];
  if (typeof input === 'number') read(String(input), (message) => messages.push(message));
  return messages[0];
}

/** A length of time, as minutes. */
export function duration(min: number, max: number) {
  return leaf((text, report) => readMinutes(text, min, max, report));
}

/** At most 100: the longest list a person can review, and one digit more than schedule names need. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.array(item).max(100);
}

/** Runs a check between keys even where another key is wrong, so that every problem shows at once. */
export const always = {
  when: ({ value }: { readonly value: unknown }) => typeof value === 'object' && value !== null,
};
