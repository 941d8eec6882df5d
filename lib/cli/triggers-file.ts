import { didYouMean } from '../../lambda/api/did-you-mean.ts';
import { firstOf } from '../../lambda/runtime/first-of.ts';
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
  throw new InputError(`No trigger "${asked}"${hint(asked, names)}`);
}

/** A message for people, with the name that may have been meant, or the first of those there are. */
export function namedSecret(asked: string, names: readonly string[]): string {
  return `Nothing uses the secret ${asked}${hint(asked, names)}`;
}

function hint(asked: string, names: readonly string[]): string {
  return didYouMean(asked, names) || `. There are: ${firstOf(names).join(', ')}`;
}
