import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { afterAll, expect, test } from 'vitest';
import { RunTestTrigger, type TriggersInput } from '../../bin/cdk.ts';
import { newApp, propertiesOf } from './synthesized.ts';

const CONFIG: TriggersInput = {
  api: { secret: 'api-key' },
  triggers: {
    nightly: {
      runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
      execute: { selectAll: true },
      schedules: [{ cron: '0 2 * * *' }],
    },
  },
};

const outdir = mkdtempSync(join(tmpdir(), 'run-test-trigger-test-'));
afterAll(() => rmSync(outdir, { recursive: true }));
const stack = new Stack(newApp(outdir), 'agent');
const voice = new RunTestTrigger(stack, 'Voice', { config: CONFIG });
const [nightly] = Object.values(CONFIG.triggers);
if (!nightly) throw new Error('there is a trigger');
const hourly = { ...nightly, schedules: [{ rate: '1 minute' }] };
new RunTestTrigger(stack, 'Chat', { config: { ...CONFIG, triggers: { hourly } } });
const nested = new NestedStack(stack, 'Nested');
const name = 'voice-tests';
new RunTestTrigger(nested, 'Tests', {
  config: CONFIG,
  name,
  removalPolicy: RemovalPolicy.DESTROY,
});

/** The names that resources of this type are given. */
function namesOf(template: Template, type: string, key: string): string[] {
  return Object.values(propertiesOf(template, type)).flatMap(({ [key]: name }) => name ?? []);
}

test('two services in one stack share no name', () => {
  const template = Template.fromStack(stack);
  for (const [type, key, count] of [
    ['AWS::Lambda::Function', 'FunctionName', 12],
    ['AWS::Events::EventBus', 'Name', 2],
    ['AWS::Scheduler::ScheduleGroup', 'Name', 4],
    ['AWS::CloudWatch::Alarm', 'AlarmName', 14],
  ] as const) {
    const names = namesOf(template, type, key);
    expect(new Set(names).size, type).toBe(count);
    expect(names.filter((name) => !/^agent-(Voice|Chat)-/.test(name))).toEqual([]);
  }
});

test('a service in a nested stack has the name that it is given, and goes with its stack where that is wanted', () => {
  const template = Template.fromStack(nested);
  expect(namesOf(template, 'AWS::Events::EventBus', 'Name')).toEqual([name]);
  for (const type of ['AWS::DynamoDB::Table', 'AWS::Logs::LogGroup', 'AWS::SQS::Queue']) {
    template.allResources(type, { DeletionPolicy: 'Delete' });
  }
  expect(propertiesOf(template, 'AWS::DynamoDB::Table')).toEqual({
    TestsLedgerTable: expect.objectContaining({ DeletionProtectionEnabled: false }),
  });
});

test('all that is wrong with triggers in code is said at once, by its place', () => {
  const config = {
    ...CONFIG,
    triggers: { Nightly: { ...nightly, schedules: [{ cron: 'at two' }] } },
  } as TriggersInput;
  expect(() => new RunTestTrigger(stack, 'Tests', { config })).toThrow(
    /^The triggers cannot be used\n {2}triggers\.Nightly: .*\n {2}triggers\.Nightly\.schedules\[0\]\.cron: .*$/,
  );
});

test('what is doubtful becomes a warning', () => {
  Annotations.fromStack(stack).hasWarning(
    '/agent/Chat',
    Match.stringLikeRegexp('1,440 times a day'),
  );
});

test('an unknown trigger, one without a webhook and an unknown metric are errors that name what there is', () => {
  expect(() => voice.webhookUrl('nightli')).toThrow(
    'There is no trigger nightli - did you mean "nightly"?',
  );
  expect(() => voice.webhookUrl('nightly')).toThrow('The trigger nightly has no webhook');
  expect(() => voice.metric('passed')).toThrow('There is no metric passed; published are: ');
  expect(voice.metric('oldest_open_firing', { label: 'open' })).toMatchObject({ label: 'open' });
});
