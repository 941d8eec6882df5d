import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import type { AwsConfig } from './account.ts';

/** Runs the CDK's command line in this terminal. Resolves with its exit code; 1 where a signal ended it. */
export type RunCdk = (
  args: readonly string[],
  aws: AwsConfig,
  environment: Readonly<Record<string, string | undefined>>,
) => Promise<number>;

export const runCdk: RunCdk = (args, { region, profile }, environment) => {
  const cdk = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');
  const withProfile = profile === undefined ? [] : ['--profile', profile];
  const child = spawn(process.execPath, [cdk, ...args, ...withProfile], {
    stdio: 'inherit',
    env: { ...environment, ...(region !== undefined && { AWS_REGION: region }) },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
};
