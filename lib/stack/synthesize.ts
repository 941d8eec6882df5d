import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Tags, Validations } from 'aws-cdk-lib/core';
import { CURRENTLY_RECOMMENDED_FLAGS, DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import type { TriggersFile } from '../config/schema.ts';
import { withServiceParts } from './function-bundle.ts';
import { PROJECT, stackNameOf } from './project.ts';
import { Service, type ServiceProps } from './service.ts';

interface SynthesizeOptions {
  readonly config: TriggersFile;
  readonly now: Date;
  /** Lower-case letters, digits and dashes. Absent: the only environment of its account. */
  readonly stage?: string | undefined;
  /** Absent: what the CDK command line says. */
  readonly outdir?: string;
  /**
   * Whether cdk-nag and the CDK check the template, which takes some seconds; their findings end `cdk synth` with
   * an error, but no other caller.
   */
  readonly nag: boolean;
}

/** Bundles the functions and writes the cloud assembly with the one stack, for a deployment and for the local run alike. */
export async function synthesize(options: SynthesizeOptions) {
  const { config, now, stage, outdir, nag } = options;
  const app = new App({
    ...(outdir !== undefined && { outdir }),
    analyticsReporting: false,
    // What the CDK advises to new projects; it complains about every flag that is not set. Writing down where each
    // resource was made takes a tenth of the time.
    context: { ...CURRENTLY_RECOMMENDED_FLAGS, [DISABLE_CREATION_STACK_TRACES]: true },
    builtinCloudFormationValidation: nag,
  });
  if (nag) {
    // Loaded only here, since the local run does without it.
    const { AwsSolutionsChecks } = await import('cdk-nag');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
  const { stackName, templateFile } = withServiceParts(
    config,
    stage,
    (parts) => new RunTestTriggerStack(app, { ...parts, config, stage, now }),
  );
  const { directory } = app.synth();
  return { stackName, directory, templateFile: join(directory, templateFile) };
}

/** Calls back with a folder with the assembly, not checked by cdk-nag, and with its template, and removes the folder. */
export async function withAssembly<T>(
  options: Omit<SynthesizeOptions, 'outdir' | 'nag'>,
  use: (assembly: string, template: unknown) => T | Promise<T>,
): Promise<T> {
  const outdir = mkdtempSync(join(tmpdir(), 'run-test-trigger-assembly-'));
  try {
    const { templateFile } = await synthesize({ ...options, outdir, nag: false });
    return await use(outdir, JSON.parse(readFileSync(templateFile, 'utf8')));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The service in a stack of its own. Stages of the same account share nothing. */
export class RunTestTriggerStack extends Stack {
  constructor(scope: Construct, props: Omit<ServiceProps, 'settings'>) {
    super(scope, stackNameOf(props.stage), {
      description: 'Starts Future AGI run tests on schedules and webhooks, exactly once',
    });
    // The CDK leaves this id out of logical ids.
    new Service(this, 'Default', { ...props, settings: { name: this.stackName } });
    Tags.of(this).add('project', PROJECT);
    Tags.of(this).add('stage', props.stage ?? 'default');
  }
}
