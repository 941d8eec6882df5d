import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Target } from './target.ts';

/** The ARN of the credentials' owner; undefined where STS does not answer: a command works without it. */
export async function callerArn(target: Target): Promise<string | undefined> {
  const { region, profile } = target.client('lambda');
  const client = new STSClient({ ...(region && { region }), ...(profile && { profile }) });
  try {
    return (await client.send(new GetCallerIdentityCommand())).Arn;
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}
