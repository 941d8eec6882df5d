import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { expect, onTestFinished, test } from 'vitest';
import { awsFault } from '../../lib/target/aws-fault.ts';

test('an endpoint that is no URL is named by its variable, without its password', async () => {
  const client = new CloudFormationClient({
    region: 'eu-central-1',
    endpoint: 'http://user:s3cret@host:99999',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  onTestFinished(() => client.destroy());
  const error = await client.send(new DescribeStacksCommand()).catch((fault: unknown) => fault);
  expect(awsFault(error, String)).toBe(
    'AWS cannot be reached: AWS_ENDPOINT_URL, one of its kind or endpoint_url of the profile is not a URL such as http://127.0.0.1:4566',
  );
});
