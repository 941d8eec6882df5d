import { App } from 'aws-cdk-lib/core';
import { visibleOutput } from '../lib/cli/visible-text.ts';
import { readAppInput } from '../lib/stack/app-input.ts';

const BAD_INPUT = 2;

const stderr = visibleOutput(process.stderr);
const given = new App({ autoSynth: false }).node.getAllContext();
const now = new Date();
const input = readAppInput(given, now);
if (input.ok) {
  stderr.write(input.warnings);
  // Half a second of loading, which a file that is not sound need not wait for.
  const { synthesize } = await import('../lib/stack/synthesize.ts');
  await synthesize({ config: input.config, now, stage: input.stage, nag: true });
} else {
  stderr.write(input.problems);
  process.exitCode = BAD_INPUT;
}
