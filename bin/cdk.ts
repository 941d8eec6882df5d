// What the package exports as run-test-trigger/cdk: for CDK apps, as ESM and as CommonJS.
export type { TriggersInput } from '../lib/config/triggers-input.ts';
export { RunTestTrigger, type RunTestTriggerProps } from '../lib/stack/run-test-trigger.ts';
