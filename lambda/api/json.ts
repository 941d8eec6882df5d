import { snakeCased } from '../runtime/snake-cased.ts';

/** A parsed JSON text, which nobody has checked further. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What a JSON text says; undefined when it is not JSON. */
export function parseJson(
  text: string,
  reviver?: (key: string, value: unknown) => unknown,
): Json | undefined {
  try {
    return JSON.parse(text, reviver);
  } catch {
    return undefined;
  }
}

/**
 * An answer of the API, every key in snake_case whichever the server speaks; undefined when it is not JSON, or
 * nested deeper than anything that the API answers.
 */
export function parseAnswer(text: string): unknown {
  try {
    return snakeCased(JSON.parse(text));
  } catch {
    return undefined;
  }
}
