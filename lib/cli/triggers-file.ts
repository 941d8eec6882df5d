import { didYouMean } from '../../lambda/api/did-you-mean.ts';
import { loadTriggers } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';
import type { TriggersFile } from '../config/schema.ts';
import { InputError } from '../input-error.ts';
import type { Session } from './program.ts';

/** The triggers file, with its warnings on stderr. Throws InputError with every problem of it. */
export function readTriggersFile({ io, options }: Session): TriggersFile {
  const loaded = loadTriggers(options().triggers, io.clock.now());
  if (!loaded.ok) throw new InputError(formatProblems(loaded.problems).trimEnd());
  io.stderr.write(formatProblems(loaded.warnings));
  return loaded.config;
}

/** The names themselves, or the one that was asked for. Throws InputError when there is no such trigger. */
export function namedTriggers(names: readonly string[], asked: string | undefined) {
  if (asked === undefined) return names;
  if (names.includes(asked)) return [asked];
  const hint = didYouMean(asked, names) || `. There are: ${names.join(', ')}`;
  throw new InputError(`No trigger "${asked}"${hint}`);
}

export function namedSecret(asked: string, names: readonly string[]): string {
  return `Nothing uses the secret ${asked}${didYouMean(asked, names) || `. There are: ${names.join(', ')}`}`;
}
