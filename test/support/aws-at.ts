import type { AwsOptions } from '../../lambda/runtime/aws-service.ts';

/** A service on this machine, asked once, with this access key. */
export function awsAt(
  url: string,
  key = 'KEY',
): Required<Pick<AwsOptions, 'environment' | 'maxAttempts'>> {
  const environment = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: key,
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_SESSION_TOKEN: 'TOKEN',
  };
  return { environment, maxAttempts: 1 };
}
