import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { parse } from 'yaml';
import type { Concurrency } from './reserved-concurrency.ts';

/** What SDK clients are made with; what is absent, the SDK finds by itself. */
export interface AwsConfig {
  readonly region?: string;
  readonly profile?: string;
}

/** The stack that `cdk bootstrap` creates, unless it is told another name. */
const BOOTSTRAP_STACK = 'CDKToolkit';

/** Asks AWS. Rejects with the SDK's error, also when there are no credentials or no region. */
export async function readAccount(config: AwsConfig, stack: string) {
  const cloudFormation = new CloudFormationClient(config);
  const lambda = new LambdaClient(config);
  const sts = new STSClient(config);
  try {
    const region = await cloudFormation.config.region();
    const { Account: account = '', Arn: caller = '' } = await sts.send(
      new GetCallerIdentityCommand(),
    );
    return {
      account,
      region,
      /** ARN of who deploys. */
      caller,
      isBootstrapped: (await templateOf(cloudFormation, BOOTSTRAP_STACK, false)) !== undefined,
      /** Undefined where the caller may not ask. */
      concurrency: await concurrencyOf(lambda),
      /** The stack's template; undefined where it is not deployed. */
      deployed: await templateOf(cloudFormation, stack, true),
    };
  } finally {
    for (const client of [cloudFormation, lambda, sts]) client.destroy();
  }
}

/** One account in one region, as it was when `readAccount` asked. */
export type Account = Awaited<ReturnType<typeof readAccount>>;

async function concurrencyOf(client: LambdaClient): Promise<Concurrency | undefined> {
  try {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand());
    const { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved } =
      AccountLimit ?? {};
    return limit === undefined || unreserved === undefined ? undefined : { limit, unreserved };
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessDeniedException') return undefined;
    throw error;
  }
}

/** Undefined where there is no such stack, or none that was ever created. */
async function templateOf(client: CloudFormationClient, name: string, isRead: boolean) {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const status = Stacks[0]?.StackStatus;
    if (status === 'REVIEW_IN_PROGRESS' || status === 'ROLLBACK_COMPLETE') return undefined;
    if (!isRead) return {};
    const { TemplateBody } = await client.send(
      new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' }),
    );
    // JSON is YAML, too.
    const template: unknown = parse(TemplateBody ?? '');
    return template;
  } catch (error) {
    const isMissing = error instanceof Error && /does not exist/.test(error.message);
    if (isMissing) return undefined;
    throw error;
  }
}
