import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import { onTestFinished } from 'vitest';
import { parseExpression } from '../../lib/config/schedule-expression.ts';
import type { TriggerEntry, TriggersFile } from '../../lib/config/schema.ts';
import { readAssembly } from '../../lib/local/assembly/read-assembly.ts';
import { setServiceSettings } from '../../lib/stack/service-settings.ts';
import { RunTestTriggerStack } from '../../lib/stack/synthesize.ts';

/** Before every date of CONFIG. */
export const NOW = new Date('2026-11-24T00:00:00Z');
/** After the start of its schedule. */
export const SECOND_DAY = new Date('2026-12-10T12:34:00Z');

export const IMPORTED_SECRET =
  'arn:aws:secretsmanager:eu-central-1:123456789012:secret:hooks/deploy-a1B2c3';

export const NIGHTLY: TriggerEntry = {
  runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  execute: { selectAll: true, scenarioIds: [] },
  schedules: [
    {
      name: 'weekdays',
      ...parseExpression('cron(0 2 ? * MON-FRI *)'),
      timezone: 'America/New_York',
      flexibleWindowMinutes: 15,
      start: '2026-12-01T00:00:00Z',
      end: '2027-12-01T00:00:00Z',
      enabled: true,
    },
    {
      name: 'once',
      ...parseExpression('at(2026-12-24T08:00:00)'),
      timezone: 'UTC',
      flexibleWindowMinutes: 0,
      enabled: false,
    },
  ],
  webhook: { verify: 'standard-webhooks', secret: 'hooks/nightly' },
  startDeadlineMinutes: 30,
  onUnknown: 'hold',
  unknownGraceMinutes: 10,
  follow: true,
  maxDurationMinutes: 360,
  missedAfterMinutes: 10,
  overlap: 'skip',
  budget: { perDay: 3 },
  pauseAfterRejected: 5,
};

/** Two triggers: one with two schedules and a created secret, one with a webhook whose secret is imported. */
export const CONFIG: TriggersFile = {
  api: { baseUrl: 'https://api.example.com', secret: 'api-key' },
  reservedConcurrency: { trigger: 5, command: 3, webhook: 20, starter: 10 },
  ledger: { retentionDays: 90 },
  timezone: 'Europe/Berlin',
  budget: { perMonth: 300 },
  notify: {
    email: ['qa@example.com'],
    on: ['failed', 'missed'],
    repeatAfter: 720,
  },
  monitoring: { alarms: 'urgent', dashboard: false },
  triggers: {
    nightly: NIGHTLY,
    'after-deploy': {
      ...NIGHTLY,
      schedules: [],
      webhook: { verify: 'standard-webhooks', secret: IMPORTED_SECRET },
    },
  },
};

/** The same with everything that can be watched. */
export const WATCHED: TriggersFile = {
  ...CONFIG,
  monitoring: { alarms: 'all', dashboard: true },
  triggers: { ...CONFIG.triggers, nightly: { ...NIGHTLY, metrics: true } },
};

/** Another value for each setting that stands by itself: many files look at one stack. */
export const OTHER: TriggersFile = {
  ...CONFIG,
  reservedConcurrency: {
    trigger: 'unreserved',
    command: 'unreserved',
    webhook: 'unreserved',
    starter: 'unreserved',
  },
  ledger: { retentionDays: 90, table: 'old-ledger' },
  notify: {
    ...CONFIG.notify,
    encryptionKey: 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd',
    channels: { 'on-call': { kind: 'pagerduty', secret: 'notify/on-call', on: ['missed'] } },
  },
  monitoring: { ...CONFIG.monitoring, heartbeat: 'beat' },
  triggers: {
    nightly: { ...NIGHTLY, follow: false, notify: { email: ['team@example.com'] } },
    other: { ...NIGHTLY, follow: false, notify: { email: ['team@example.com'] } },
  },
};

/** Nobody is told anything; an execution may take two days, and the first schedule is gone. */
export const SILENT: TriggersFile = {
  ...CONFIG,
  notify: { ...CONFIG.notify, on: [] },
  triggers: {
    ...CONFIG.triggers,
    nightly: { ...NIGHTLY, maxDurationMinutes: 2_880, schedules: NIGHTLY.schedules.slice(1) },
  },
};

/** Triggers with nothing but a webhook, `t0` and so on, each with a secret of its own. */
export function hooked(count: number): TriggersFile {
  const entry = (index: number): TriggerEntry => ({
    ...NIGHTLY,
    schedules: [],
    webhook: { verify: 'standard-webhooks', secret: `hooks/${index}` },
  });
  const triggers = Array.from({ length: count }, (_, index) => [`t${index}`, entry(index)]);
  return { ...CONFIG, triggers: Object.fromEntries(triggers) };
}

/** One more than have outputs of their own. */
export const HOOKED = hooked(81);

/** The stack's template, with placeholders for the bundles. Throws when resources depend on each other in a circle. */
export function templateOf(config: TriggersFile = CONFIG, stage?: string, now = NOW): Template {
  const kept = KEPT.get(config) ?? new Map<string, Template>();
  KEPT.set(config, kept);
  const key = `${stage} ${now.toISOString()}`;
  const template =
    kept.get(key) ?? withStack(config, stage, now, (stack) => Template.fromStack(stack));
  kept.set(key, template);
  return template;
}

/** Many files look at the same stack. */
const KEPT = new WeakMap<TriggersFile, Map<string, Template>>();

/** The templates of a stack and its nested stacks by file, and what the local run reads of them. */
export function assemblyOf(config: TriggersFile) {
  return withStack(config, undefined, NOW, (stack) => {
    const { directory } = App.of(stack)?.synth() ?? {};
    if (directory === undefined) throw new Error('The stack has no app');
    const files = readdirSync(directory).filter((file) => file.endsWith('.template.json'));
    const read = (file: string) => readFileSync(join(directory, file), 'utf8');
    return {
      templates: new Map(files.map((file) => [file, read(file)])),
      local: readAssembly(join(directory, stack.templateFile), stack.stackName),
    };
  });
}

function withStack<T>(
  config: TriggersFile,
  stage: string | undefined,
  now: Date,
  action: (stack: RunTestTriggerStack) => T,
): T {
  const directory = mkdtempSync(join(tmpdir(), 'stack-test-'));
  try {
    const bundle = join(directory, 'bundle');
    mkdirSync(bundle);
    writeFileSync(join(bundle, 'handler.mjs'), 'export const handler = () => {};');
    const app = newApp(join(directory, 'cdk.out'));
    const bundles = {
      trigger: bundle,
      webhook: bundle,
      starter: bundle,
      sweep: bundle,
      notify: bundle,
    };
    return action(
      new RunTestTriggerStack(app, {
        config,
        stage,
        bundles,
        now,
        build: '1.2.3+abcdef123456',
        runbook: 'https://git.example.com/runbook.md',
      }),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A stack with the settings of a service and nothing in it, for the test that runs. */
export function emptyStack(): Stack {
  const outdir = mkdtempSync(join(tmpdir(), 'stack-test-'));
  onTestFinished(() => rmSync(outdir, { recursive: true }));
  const stack = new Stack(newApp(outdir), 'stack');
  setServiceSettings(stack, { name: 'run-test-trigger' });
  return stack;
}

/** An app that makes nothing but templates and assets. */
export function newApp(outdir: string): App {
  return new App({
    outdir,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    context: { [DISABLE_CREATION_STACK_TRACES]: true },
    stackTraces: false,
    treeMetadata: false,
  });
}

/** The properties of each resource of a type, by logical id without its hash. */
export function propertiesOf(template: Template, type: string) {
  return Object.fromEntries(
    Object.entries(template.findResources(type)).map(([id, resource]) => [
      readable(id),
      resource.Properties,
    ]),
  );
}

/** A logical id without the hash that the CDK appends. */
export function readable(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}

/** A text with its references written as `<name>`. */
export function joined(value: unknown): string {
  const join = Object(value)['Fn::Join'];
  if (!Array.isArray(join)) return String(value);
  return join[1]
    .map((part: unknown) => (typeof part === 'string' ? part : `<${referenced(Object(part))}>`))
    .join(join[0]);
}

function referenced(part: { readonly Ref?: string; readonly 'Fn::GetAtt'?: readonly string[] }) {
  const [id = '', attribute] = part['Fn::GetAtt'] ?? [part.Ref];
  return [readable(id).replace('AWS::', ''), ...(attribute ? [attribute] : [])].join('.');
}

/** A value with its references written as `<resource>` or `<resource>.<attribute>`. */
export function plain(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[key, argument] = ['', '']] = Object.entries(value);
  if (key === 'Ref') return readable(argument);
  if (key === 'Fn::GetAtt') return `${readable(argument[0])}.${argument[1]}`;
  return argument[1].map(plain).join('');
}
