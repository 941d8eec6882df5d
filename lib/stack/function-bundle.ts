import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFiles } from '../../lambda/config/config-files.ts';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import { packaged } from '../packaged.ts';

/** The stack's Lambda functions; each has its entry in `lambda/<name>/handler.ts`. */
export const FUNCTION_NAMES = ['trigger', 'webhook', 'starter', 'sweep', 'notify'] as const;
/** Its function in AWS is named `<service>-<name>`. */
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** For each function the directory with what Lambda runs. */
export type Bundles = Readonly<Record<FunctionName, string>>;

/**
 * Writes what Lambda runs into an empty directory: the code, which the package brings and the repository builds, and
 * the configuration. The same sources and configuration give the same bytes.
 */
export function bundleFunction(name: FunctionName, directory: string, config: DeployedConfig) {
  if (packaged) cpSync(join(import.meta.dirname, 'functions', name), directory, COPY);
  // The package has no esbuild.
  else createRequire(import.meta.url)('./build-function.ts').buildFunction(name, directory);
  for (const [file, text] of configFiles(config)) writeFileSync(join(directory, file), text);
}

/** Bundles every function for as long as `use` takes: what is made of the bundles copies them. */
export function withBundles<T>(config: DeployedConfig, use: (bundles: Bundles) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'run-test-trigger-'));
  try {
    return use(bundleFunctions(directory, config));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function bundleFunctions(directory: string, config: DeployedConfig): Bundles {
  const bundle = (name: FunctionName) => {
    const path = join(directory, name);
    mkdirSync(path);
    bundleFunction(name, path, config);
    return path;
  };
  return forEachFunction(bundle);
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

const COPY = { recursive: true };
