import { App } from 'aws-cdk-lib/core';
import * as z from 'zod';
import { didYouMean } from '../lambda/api/did-you-mean.ts';
import { visibleOutput } from '../lib/cli/visible-text.ts';
import { loadTriggers } from '../lib/config/load.ts';
import { formatProblems } from '../lib/config/problem.ts';
import { synthesize } from '../lib/stack/synthesize.ts';

const BAD_INPUT = 2;

const stderr = visibleOutput(process.stderr);

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

const given = new App({ autoSynth: false }).node.getAllContext();
const mistyped = Object.keys(given).flatMap(mistake);
if (mistyped.length > 0) refuse(`${mistyped.join('\n')}\n`);
const context = contextSchema.safeParse(given);
if (!context.success) refuse(`${z.prettifyError(context.error)}\n`);
const now = new Date();
const loaded = loadTriggers(context.data.triggers, now);
if (!loaded.ok) refuse(formatProblems(loaded.problems));
stderr.write(formatProblems(loaded.warnings));
await synthesize({ config: loaded.config, now, stage: context.data.stage, nag: true });

/** The CDK's own keys have a colon or a slash. A misspelt `stage` would deploy the default stage. */
function mistake(key: string): string[] {
  const known = Object.keys(contextSchema.shape);
  if (/[:/]/.test(key) || known.includes(key)) return [];
  return [`Unknown context -c ${key}=…${didYouMean(key, known)} Known: ${known.join(', ')}`];
}

function refuse(problems: string): never {
  stderr.write(problems);
  process.exit(BAD_INPUT);
}
