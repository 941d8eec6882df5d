import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const SOURCE = join(import.meta.dirname, 'typical-peer');
const MODULES = join(SOURCE, 'node_modules');

/** What a function gets where it finds the SDK as in Lambda's runtime, and its tracing is on. */
export const PEER_ENVIRONMENT = {
  NODE_PATH: MODULES,
  AWS_LAMBDA_FUNCTION_NAME: 'peer',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  LAMBDA_TASK_ROOT: '/var/task',
  _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
};

/** Bundles the peer without the SDK into this directory, and installs what it is made of the first time. */
export async function bundlePeer(directory: string): Promise<string> {
  if (!existsSync(MODULES)) execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: SOURCE });
  const outfile = join(directory, 'handler.cjs');
  await build({
    entryPoints: [join(SOURCE, 'handler.mjs')],
    outfile,
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    external: ['@aws-sdk/*'],
  });
  return outfile;
}
