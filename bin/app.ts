import { App } from 'aws-cdk-lib/core';
import * as z from 'zod';
import { loadTriggers } from '../lib/config/load.ts';
import { formatProblems } from '../lib/config/problem.ts';
import { synthesize } from '../lib/stack/synthesize.ts';

const BAD_INPUT = 2;

/** What `cdk -c stage=… -c triggers=…` says. */
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

const context = contextSchema.safeParse(new App({ autoSynth: false }).node.getAllContext());
if (!context.success) refuse(`${z.prettifyError(context.error)}\n`);
const loaded = loadTriggers(context.data.triggers, new Date());
if (!loaded.ok) refuse(formatProblems(loaded.problems));
process.stderr.write(formatProblems(loaded.warnings));
await synthesize({ config: loaded.config, stage: context.data.stage, nag: true });

function refuse(problems: string): never {
  process.stderr.write(problems);
  process.exit(BAD_INPUT);
}
