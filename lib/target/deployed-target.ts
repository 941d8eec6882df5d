import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { InputError } from '../input-error.ts';
import { stackNameOf } from '../stack/project.ts';
import { WEBHOOK_URLS, webhookUrlOutput } from '../stack/webhook-output.ts';
import { type ServiceOutputs, serviceOutputs } from './service-outputs.ts';
import type { Target, TargetOptions } from './target.ts';

/** The deployed stack as a target, by its outputs. Throws InputError when an output is missing. */
export async function deployedTarget(
  options: TargetOptions,
  announce: (name: string) => void,
): Promise<Target> {
  const { region, profile } = options;
  const config = { ...(region && { region }), ...(profile && { profile }) };
  const name = options.stack ?? stackNameOf(options.stage);
  const client = new CloudFormationClient(config);
  try {
    const place = `stack ${name} in ${await client.config.region()}`;
    announce(place);
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = serviceOutputs(name, Stacks[0]?.Outputs ?? []);
    const stackArn = Stacks[0]?.StackId ?? '';
    return {
      kind: 'deployed',
      isStandIn: false,
      name: place,
      commandFunction: output('CommandFunction'),
      functions: () => functionsOf(config, stackArn),
      ledgerTable: output('LedgerTable'),
      webhookUrl,
      tags: Stacks[0]?.Tags ?? [],
      deadLetterQueues: Object.entries(outputs).flatMap(([key, value]) =>
        key.endsWith('DeadLetterQueue') ? [value] : [],
      ),
      logs: { kind: 'groups', groups: logGroupsIn(outputs) },
      topic: outputs.NotificationTopic,
      client: () => config,
    };

    function webhookUrl(trigger: string): string {
      const ofMany = outputs[WEBHOOK_URLS];
      return ofMany ? ofMany.replace('TRIGGER', trigger) : output(webhookUrlOutput(trigger));
    }

    function output(key: string): string {
      const value = outputs[key];
      if (value) return value;
      throw new InputError(
        (typed) =>
          `The stack ${name} has no output ${key}: it is not a stack of this project, or not of this version. Deploy it: ${typed('deploy')}`,
      );
    }
  } finally {
    client.destroy();
  }
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
  const client = new CloudFormationClient(config);
  const [, partition, , region, account] = stackArn.split(':');
  try {
    const pages = paginateListStackResources({ client }, { StackName: stackArn });
    const resources = (await Array.fromAsync(pages)).flatMap(
      (page) => page.StackResourceSummaries ?? [],
    );
    return resources
      .filter(({ ResourceType }) => ResourceType === 'AWS::Lambda::Function')
      .map(
        ({ PhysicalResourceId: name }) =>
          `arn:${partition}:lambda:${region}:${account}:function:${name}`,
      );
  } finally {
    client.destroy();
  }
}

/** What the service in a deployed stack tells of itself. Throws the SDK's error where there is none. */
export async function outputsOf(
  config: CloudFormationClientConfig,
  stack: string,
): Promise<ServiceOutputs> {
  const client = new CloudFormationClient(config);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return serviceOutputs(stack, Stacks[0]?.Outputs ?? []);
  } finally {
    client.destroy();
  }
}
