import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, onTestFinished, test } from 'vitest';
import * as own from '../../bin/cdk.ts';

const MODULES: Readonly<Record<string, object>> = {
  'aws-cdk-lib': cdk,
  'aws-cdk-lib/aws-ec2': ec2,
  'aws-cdk-lib/aws-events-targets': targets,
  'aws-cdk-lib/aws-iam': iam,
  'aws-cdk-lib/aws-kms': kms,
  'aws-cdk-lib/aws-logs': logs,
  'aws-cdk-lib/aws-sns': sns,
  'aws-cdk-lib/aws-sqs': sqs,
  'run-test-trigger/cdk': own,
};
const text = readFileSync(new URL('../../docs/construct.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

/** Runs an example as it stands, with an app of the test. What nag objects to is of the example's own resources. */
function synthesize(code: string, { isNagged }: { readonly isNagged: boolean }) {
  const directory = mkdtempSync(join(tmpdir(), 'construct-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const app = new cdk.App({
    outdir: directory,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    stackTraces: false,
    treeMetadata: false,
  });
  if (isNagged) cdk.Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const body = code
    .replaceAll(/^import (\{.*\}) from '(.*)';$/gm, "const $1 = modules['$2'];")
    .replaceAll('new App()', 'app')
    .replaceAll(/^const app = app;$/gm, '')
    .replaceAll("'triggers.yaml'", "'test/fixtures/triggers.yaml'");
  new Function('modules', 'app', body)(MODULES, app);
  try {
    app.synth();
  } catch (error) {
    expect(String(error)).toContain('AwsSolutions');
    expect(String(error)).not.toContain('RunTests/');
  }
  return (pattern: string) => {
    const [file = ''] = globSync(pattern, { cwd: directory });
    return JSON.parse(readFileSync(join(directory, file), 'utf8'));
  };
}

test('the document has three examples', () => expect(examples).toHaveLength(3));

test('an example in a stack that exists has the whole service in it, and nag finds nothing', () => {
  const { Resources, Outputs } = synthesize(examples[0] ?? '', { isNagged: true })(
    'agent.template.json',
  );
  expect(Object.keys(Outputs)).toContainEqual(expect.stringMatching(/^RunTestsCommandFunction/));
  const types = Object.values<{ readonly Type: string }>(Resources).map(({ Type }) => Type);
  expect(types).toEqual(
    expect.arrayContaining(['AWS::Scheduler::Schedule', 'AWS::DynamoDB::Table']),
  );
});

test('an example with what the app has uses it, and nag finds nothing in the service', () => {
  const { Resources } = synthesize(examples[1] ?? '', { isNagged: true })('agent.template.json');
  const of = (type: string) =>
    Object.entries<{ readonly Type: string; readonly Properties: object }>(Resources).filter(
      ([, { Type }]) => Type === `AWS::${type}`,
    );
  expect(of('SNS::Topic').map(([id]) => id)).toEqual([expect.stringMatching(/^People/)]);
  for (const [, { Properties }] of of('Logs::LogGroup')) {
    expect(Properties).toMatchObject({ RetentionInDays: 30 });
  }
  const functions = of('Lambda::Function').filter(([id]) => id.startsWith('RunTests'));
  expect(functions).toHaveLength(6);
  for (const [, { Properties }] of functions) expect(Properties).toHaveProperty('VpcConfig');
  const rules = of('Events::Rule').map(([, { Properties }]) => Properties);
  expect(rules).toContainEqual(
    expect.objectContaining({
      EventPattern: {
        source: ['run-test-trigger'],
        detail: { trigger: ['nightly'], kind: ['passed', 'failed', 'inconclusive', 'lost'] },
      },
    }),
  );
  const decrypting = of('IAM::Policy').filter(([, { Properties }]) =>
    JSON.stringify(Properties).includes('SecretsKey'),
  );
  expect(decrypting.map(([id]) => id.replace(/DefaultPolicy.*/, ''))).toEqual(
    expect.arrayContaining(['RunTestsTriggerRole', 'RunTestsWebhookRole']),
  );
});

test('an example of two environments keeps their secrets and roles apart', () => {
  const read = synthesize(examples[2] ?? '', { isNagged: false });
  for (const name of ['staging', 'production']) {
    const text = JSON.stringify(read(`assembly-${name}/*.template.json`));
    expect(text).toContain(`:secret:${name}/run-test-trigger/api-key-??????`);
    expect(text).toContain('policy/developers');
    expect(text).toContain('{"Key":"team","Value":"voice"}');
  }
});
