import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InputError } from '../input-error.ts';
import { PROJECT } from '../stack/project.ts';
import type { Target, TargetOptions } from './target.ts';

/** The deployed stack as a target, by its outputs. Throws InputError when an output is missing. */
export async function deployedTarget(options: TargetOptions): Promise<Target> {
  const { region, profile } = options;
  const config = { ...(region && { region }), ...(profile && { profile }) };
  const name = stackName(options);
  const client = new CloudFormationClient(config);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return {
      kind: 'deployed',
      isStandIn: false,
      name: `stack ${name} in ${await client.config.region()}`,
      triggerFunction: output('TriggerFunction'),
      ledgerTable: output('LedgerTable'),
      deadLetterQueues: outputs.flatMap(({ OutputKey, OutputValue }) =>
        OutputKey?.endsWith('DeadLetterQueue') && OutputValue ? [OutputValue] : [],
      ),
      client: () => config,
    };

    function output(key: string): string {
      const value = outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
      if (value) return value;
      throw new InputError(
        `The stack ${name} has no output ${key}: it is not a stack of this project, or not of this version. Deploy it: npx cdk deploy`,
      );
    }
  } finally {
    client.destroy();
  }
}

function stackName({ stack, stage }: TargetOptions): string {
  return stack ?? (stage === undefined ? PROJECT : `${PROJECT}-${stage}`);
}
