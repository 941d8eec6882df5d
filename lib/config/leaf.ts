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

/** A number gets the message that its text would get, which says more than "must be text". */
function complaint(read: (text: string, report: Report) => unknown, input: unknown) {
  const messages: string[] = [];
  if (typeof input === 'number') read(String(input), (message) => void messages.push(message));
  return messages[0];
}

/** Reads a text such as `90 minutes` into minutes; `min` and `max` are minutes and included. */
export function duration(min: number, max: number) {
  return leaf((text, report) => readMinutes(text, min, max, report));
}

/** Both bounds are included. */
export function int(min: number, max: number) {
  return z.int().min(min).max(max);
}

/** A key that may be left out, and what it means. */
export function optional<T extends z.ZodType>(schema: T, meaning: string) {
  return schema.exactOptional().describe(meaning);
}

/** At most 100: the longest list a person can review, and one digit more than schedule names need. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.array(item).max(100);
}

interface Checked {
  readonly value: unknown;
  readonly issues: readonly { readonly path?: readonly PropertyKey[] | undefined }[];
}

/**
 * Runs a check even where a key is wrong, so that every problem shows at once. A wrong value is still as it was
 * written, so such a check may ask which keys there are, but not read their values.
 */
export const always = { when: ({ value }: Pick<Checked, 'value'>) => isMap(value) };

/** What YAML calls a map: neither null nor a list. */
export function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at this path of a value in which anything may be wrong; undefined where there is nothing. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => Object(inner)[key], value);
}

/** The triggers of a file in which anything may be wrong, by name. */
export function triggersIn(file: object): [name: string, trigger: unknown][] {
  return Object.entries(Object(valueAt(file, 'triggers')));
}

/** Runs a check of these keys unless one of them is wrong, whatever is wrong with the others. */
export function across(...keys: readonly string[]) {
  return {
    when: ({ value, issues }: Checked) =>
      always.when({ value }) && !issues.some(({ path = [] }) => keys.includes(String(path[0]))),
  };
}

/** The same, with its message at the first of the keys. */
export function at(keys: readonly [string, ...string[]], error: string) {
  return { ...across(...keys), path: [keys[0]], error };
}

/** Whatever is wrong, with its message at this key. */
export function alwaysAt(key: string, error: string) {
  return { ...always, path: [key], error };
}

/** Makes a check for `superRefine` that may find several problems in one value. */
export function each<T>(find: (value: T) => readonly Found[]) {
  return (value: T, { addIssue }: z.core.$RefinementCtx) => {
    for (const { path, message, params = {} } of find(value)) {
      addIssue({ code: 'custom', path: [...path], message, params });
    }
  };
}

/** A problem; `path` begins at the value that is checked, and an empty one is the value itself. */
export interface Found {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** `atKey`: the key is meant, not its value. */
  readonly params?: { readonly atKey: true };
}
