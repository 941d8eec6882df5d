import { createInterface } from 'node:readline/promises';
import { InputError } from '../input-error.ts';
import type { Io } from './io.ts';

/** Whether a person at the terminal agrees, or `yes` has. Throws InputError where nobody can be asked. */
export async function confirm(question: string, yes: true | undefined, io: Io): Promise<boolean> {
  if (yes) return true;
  if (!io.stdin.isTTY) {
    throw new InputError(`${question} Nobody can be asked here: add --yes to agree`);
  }
  const prompt = createInterface({ input: io.stdin, output: io.stderr, terminal: false });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} (y/N) `)).trim());
  } finally {
    prompt.close();
  }
}
