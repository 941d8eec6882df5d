import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { App } from 'aws-cdk-lib/core';
import { parseExpression } from '../../lib/config/schedule-expression.ts';
import type { TriggerEntry, TriggersFile } from '../../lib/config/schema.ts';
import { readAssembly } from '../../lib/local/assembly/read-assembly.ts';
import { RunTestTriggerStack } from '../../lib/stack/synthesize.ts';

/** Before every date of CONFIG. */
export const NOW = new Date('2026-11-24T00:00:00Z');

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

/** The stack's template, with placeholders for the bundles. Throws when resources depend on each other in a circle. */
export function templateOf(config: TriggersFile = CONFIG, stage?: string, now = NOW): Template {
  const isKept = stage === undefined && now === NOW;
  const template =
    (isKept && kept.get(config)) ||
    withStack(config, stage, now, (stack) => Template.fromStack(stack));
  if (isKept) kept.set(config, template);
  return template;
}

/** Many files look at the same stack. */
const kept = new WeakMap<TriggersFile, Template>();

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
    const app = new App({
      outdir: join(directory, 'cdk.out'),
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
      stackTraces: false,
      treeMetadata: false,
    });
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
