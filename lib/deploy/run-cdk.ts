import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import manifest from '../../package.json' with { type: 'json' };
import type { AwsConfig } from './account.ts';

/**
 * Runs the CDK's command line in this terminal. Resolves with its exit code, 1 where a signal ended it; rejects where it cannot
 * be started.
 */
export function runCdk(
  args: readonly string[],
  { region, profile }: AwsConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const withProfile = profile === undefined ? [] : ['--profile', profile];
  const [command, ...before] = commandOf();
  const child = spawn(command, [...before, ...args, ...withProfile], {
    // Standard output is for the answer of `rtt`.
    stdio: ['inherit', 2, 2],
    env: { ...environment, ...(region !== undefined && { AWS_REGION: region }) },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Stands for it where nothing is to be deployed. */
export type RunCdk = typeof runCdk;

/** The CDK of the project, or else the one that the package is tested with: npx brings its 29 MB for a deployment only. */
function commandOf(): readonly [string, ...string[]] {
  const require = createRequire(import.meta.url);
  try {
    return [
      process.execPath,
      require.resolve('aws-cdk/bin/cdk', { paths: [process.cwd(), import.meta.dirname] }),
    ];
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND'))
      throw error;
    return ['npx', '--yes', `aws-cdk@${manifest.devDependencies['aws-cdk']}`];
  }
}
