import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Target } from './target.ts';
import { withClient } from './with-client.ts';

/** The ARN of the credentials' owner; undefined where STS does not answer: a command works without it. */
export async function callerArn(target: Target): Promise<string | undefined> {
  const { region, profile } = target.client('lambda');
  const sts = new STSClient({ ...(region && { region }), ...(profile && { profile }) });
  const asked = withClient(sts, (client) => client.send(new GetCallerIdentityCommand()));
  return asked.then(
    ({ Arn }) => Arn,
    () => undefined,
  );
}
