import * as z from 'zod';
import { didYouMean } from '../../lambda/api/did-you-mean.ts';
import { loadTriggers } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';
import type { TriggersFile } from '../config/schema.ts';

/** The context of `cdk -c stage=… -c triggers=…`. */
const contextSchema = z.object({
  stage: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,19}$/,
      'must be 1-20 lower-case letters, digits and dashes, beginning with a letter',
    )
    .optional(),
  triggers: z.string().default('triggers.yaml'),
});

/** What the CDK's app is synthesized from, or every problem of the first thing that is wrong, as text. */
type AppInput =
  | {
      readonly ok: true;
      readonly config: TriggersFile;
      readonly stage: string | undefined;
      /** Empty without one. */
      readonly warnings: string;
    }
  | { readonly ok: false; readonly problems: string };

/** Reads the app's context, and the triggers file that it names. */
export function readAppInput(given: Readonly<Record<string, unknown>>, now: Date): AppInput {
  const mistyped = Object.keys(given).flatMap(mistake);
  if (mistyped.length > 0) return refused(`${mistyped.join('\n')}\n`);
  const context = contextSchema.safeParse(given);
  if (!context.success) return refused(`${z.prettifyError(context.error)}\n`);
  const { stage, triggers } = context.data;
  const loaded = loadTriggers(triggers, now, '-c triggers=FILE');
  if (!loaded.ok) return refused(formatProblems(loaded.problems));
  const warnings = formatProblems(loaded.warnings);
  return { ok: true, config: loaded.config, stage, warnings };
}

/** The CDK's own keys have a colon or a slash. A misspelt `stage` would deploy the default stage. */
function mistake(key: string): string[] {
  const known = Object.keys(contextSchema.shape);
  if (/[:/]/.test(key) || known.includes(key)) return [];
  return [`Unknown context -c ${key}=…${didYouMean(key, known)} Known: ${known.join(', ')}`];
}

function refused(problems: string): AppInput {
  return { ok: false, problems };
}
