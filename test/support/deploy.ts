import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { command as deployCommand } from '../../lib/cli/deploy.ts';
import type { Io } from '../../lib/cli/io.ts';
import { rootCommand, sessionOf } from '../../lib/cli/program.ts';
import type { RunCdk } from '../../lib/deploy/run-cdk.ts';

/** Runs `rtt deploy` of test/fixtures/triggers.yaml, which is synthesized already, with this in place of the CDK's command line. */
export async function deploy(args: readonly string[], io: Io, cdk: RunCdk): Promise<void> {
  const [fn] = inject('stacks').triggers.assembly.functions;
  const assembly = dirname(fn?.assetDirectory ?? '');
  const template = readFileSync(join(assembly, 'run-test-trigger.template.json'), 'utf8');
  const root = rootCommand();
  const session = sessionOf(io, root);
  root.addCommand(
    deployCommand(session, cdk, (_file, _session, use) => use(assembly, JSON.parse(template))),
  );
  const file = ['--triggers', 'test/fixtures/triggers.yaml', '--region', 'eu-central-1'];
  await root.parseAsync(['deploy', ...args, ...file], { from: 'user' });
}
