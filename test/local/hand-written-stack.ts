import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Assembly } from '../../lib/local/assembly/assembly.ts';
import { readAssembly } from '../../lib/local/assembly/read-assembly.ts';

type Resources = Record<string, { Type: string; Properties?: Record<string, unknown> }>;

/** A directory that is removed when the test ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'local-run-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

/** Writes a cloud assembly as `cdk synth` does: one function per entry of `sources` (the text of handler.mjs). */
export function writeStack(
  sources: Record<string, string>,
  resources: Resources = {},
  directory = temporaryDirectory(),
): string {
  const files: Record<string, unknown> = {};
  const functions: Resources = {};
  for (const [logicalId, source] of Object.entries(sources)) {
    const path = `asset.${logicalId}`;
    mkdirSync(join(directory, path));
    writeFileSync(join(directory, path, 'handler.mjs'), source);
    files[logicalId] = {
      source: { path, packaging: 'zip' },
      destinations: { here: { bucketName: 'assets', objectKey: `${logicalId}.zip` } },
    };
    functions[logicalId] = {
      Type: 'AWS::Lambda::Function',
      Properties: functionProperties(logicalId),
    };
  }
  const template = { Resources: { ...functions, ...resources } };
  writeFileSync(join(directory, 'stack.template.json'), JSON.stringify(template));
  writeFileSync(join(directory, 'stack.assets.json'), JSON.stringify({ files }));
  return join(directory, 'stack.template.json');
}

export function functionProperties(logicalId: string): Record<string, unknown> {
  return {
    Runtime: 'nodejs24.x',
    Handler: 'handler.handler',
    Code: { S3Bucket: { 'Fn::Sub': `assets-\${AWS::AccountId}` }, S3Key: `${logicalId}.zip` },
    LoggingConfig: { LogFormat: 'JSON' },
    MemorySize: 256,
    Timeout: 5,
  };
}

/** The same, read. */
export function handWrittenStack(
  sources: Record<string, string>,
  resources?: Resources,
  directory?: string,
): Assembly {
  return readAssembly(writeStack(sources, resources, directory), 'stack');
}
