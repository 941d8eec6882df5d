import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFiles } from '../../lambda/config/config-files.ts';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import { currentBuild, remoteUrl } from '../build.ts';
import type { TriggersFile } from '../config/schema.ts';
import { packaged } from '../packaged.ts';
import { deployedConfig } from './deployed-config.ts';
import { runbookOf } from './runbook-link.ts';

/** A Lambda function of the stack, with its entry in `lambda/<name>/handler.ts`. In AWS it is named `<service>-<name>`. */
export type FunctionName = 'trigger' | 'webhook' | 'starter' | 'sweep' | 'notify';

/** For each function the directory with what Lambda runs. */
export type Bundles = Readonly<Record<FunctionName, string>>;

/**
 * Writes what Lambda runs into an empty directory: the code, which the package brings and the repository builds, and
 * the configuration. The same sources and configuration give the same bytes.
 */
export function bundleFunction(name: FunctionName, directory: string, config: DeployedConfig) {
  const compiled = join(import.meta.dirname, 'functions', name);
  if (packaged) cpSync(compiled, directory, { recursive: true });
  // The package has no esbuild.
  else createRequire(import.meta.url)('./build-function.ts').buildFunction(name, directory);
  for (const [file, text] of configFiles(config)) writeFileSync(join(directory, file), text);
}

/** What a service is made of, from its file and this project. Bundles are there while `use` runs: what is made of them copies them. */
export function withServiceParts<T>(
  config: TriggersFile,
  stage: string | undefined,
  use: (parts: {
    readonly bundles: Bundles;
    readonly build: string;
    readonly runbook: string;
  }) => T,
): T {
  const directory = mkdtempSync(join(tmpdir(), 'run-test-trigger-'));
  const deployed = deployedConfig(config, stage);
  try {
    const bundles = forEachFunction((name) => {
      const path = join(directory, name);
      mkdirSync(path);
      bundleFunction(name, path, deployed);
      return path;
    });
    const runbook = config.monitoring.runbook ?? runbookOf(remoteUrl());
    return use({ bundles, build: currentBuild(), runbook });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What is made for each function, one after the other. */
export function forEachFunction<T>(make: (name: FunctionName) => T): Record<FunctionName, T> {
  return {
    trigger: make('trigger'),
    webhook: make('webhook'),
    starter: make('starter'),
    sweep: make('sweep'),
    notify: make('notify'),
  };
}
