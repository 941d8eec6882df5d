import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** A client of a local Secrets Manager that knows the access key `KEY`; it asks once. */
export function secretsClient(endpoint: string): SecretsManagerClient {
  return new SecretsManagerClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'KEY', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
}
