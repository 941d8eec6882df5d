import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  DescribeStacksCommand,
  type Output,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { InputError } from '../input-error.ts';
import { stackNameOf } from '../stack/project.ts';
import { WEBHOOK_URLS, webhookUrlOutput } from '../stack/webhook-output.ts';
import type { Target, TargetOptions } from './target.ts';
import { withClient } from './with-client.ts';

/** The deployed stack as a target, by its outputs. Throws InputError when an output is missing. */
export async function deployedTarget(
  options: TargetOptions,
  announce: (name: string) => void,
): Promise<Target> {
  const { region, profile } = options;
  const config = { ...(region && { region }), ...(profile && { profile }) };
  const name = options.stack ?? stackNameOf(options.stage);
  const { stack, place } = await withClient(new CloudFormationClient(config), async (client) => {
    const found = `stack ${name} in ${await client.config.region()}`;
    announce(found);
    return { stack: await describe(client, name), place: found };
  });
  const outputs = serviceOutputs(name, stack?.Outputs ?? []);
  return {
    kind: 'deployed',
    isStandIn: false,
    name: place,
    commandFunction: output('CommandFunction'),
    functions: () => functionsOf(config, stack?.StackId ?? ''),
    ledgerTable: output('LedgerTable'),
    webhookUrl(trigger) {
      const ofMany = outputs[WEBHOOK_URLS];
      return ofMany ? ofMany.replace('TRIGGER', trigger) : output(webhookUrlOutput(trigger));
    },
    tags: stack?.Tags ?? [],
    deadLetterQueues: Object.entries(outputs).flatMap(([key, value]) =>
      key.endsWith('DeadLetterQueue') ? [value] : [],
    ),
    logs: { kind: 'groups', groups: logGroupsIn(outputs) },
    topic: outputs.NotificationTopic,
    client: () => config,
  };

  function output(key: string): string {
    const value = outputs[key];
    if (value) return value;
    throw new InputError(
      (typed) =>
        `The stack ${name} has no output ${key}: it is not a stack of this project, or not of this version. Deploy it: ${typed('deploy')}`,
    );
  }
}

async function describe(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
  return Stacks[0];
}

/** The outputs name the log group of each function, and that of the webhooks' requests, which has no events. */
function logGroupsIn(outputs: ServiceOutputs): Record<string, string> {
  const groups = Object.entries(outputs).flatMap(([key, value]) => {
    const [, name] = /^(?!AccessLog)(.+)LogGroup$/.exec(key) ?? [];
    return name === undefined ? [] : [[name.toLowerCase(), value] as const];
  });
  return Object.fromEntries(groups);
}

/** In the stack's own account and region. */
async function functionsOf(config: CloudFormationClientConfig, stackArn: string) {
  const [, partition, , region, account] = stackArn.split(':');
  const pages = await withClient(new CloudFormationClient(config), (client) =>
    Array.fromAsync(paginateListStackResources({ client }, { StackName: stackArn })),
  );
  return pages
    .flatMap(({ StackResourceSummaries = [] }) => StackResourceSummaries)
    .filter(({ ResourceType }) => ResourceType === 'AWS::Lambda::Function')
    .map(
      ({ PhysicalResourceId: name }) =>
        `arn:${partition}:lambda:${region}:${account}:function:${name}`,
    );
}

/** What the service in a deployed stack tells of itself. Throws the SDK's error where there is none. */
export async function outputsOf(
  config: CloudFormationClientConfig,
  name: string,
): Promise<ServiceOutputs> {
  const stack = await withClient(new CloudFormationClient(config), (client) =>
    describe(client, name),
  );
  return serviceOutputs(name, stack?.Outputs ?? []);
}

/** What the service in a stack tells of itself, by the names in lib/stack/outputs.ts. */
type ServiceOutputs = Readonly<Record<string, string>>;

/**
 * In a stack of a CDK app, the names have the construct's id in front and a hash behind (`RunTestsLedgerTable1A2B3C4D`). Throws
 * InputError where the stack has several services.
 */
export function serviceOutputs(stack: string, outputs: readonly Output[]): ServiceOutputs {
  const [before = '', ...others] = outputs.flatMap(
    ({ OutputKey = '' }) => /^(.*)CommandFunction(?:[0-9A-F]{8})?$/.exec(OutputKey)?.[1] ?? [],
  );
  if (others.length > 0) {
    throw new InputError(
      `The stack ${stack} has several services (${[before, ...others].join(', ')}): put each into a stack of its own, or a nested one, and name that`,
    );
  }
  const named = outputs.flatMap(({ OutputKey: key = '', OutputValue: value }) => {
    if (!value || !key.startsWith(before)) return [];
    const own = before === '' ? key : key.slice(before.length).replace(/[0-9A-F]{8}$/, '');
    return [[own, value] as const];
  });
  return Object.fromEntries(named);
}
