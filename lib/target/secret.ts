import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Target } from './target.ts';

/** Gives the secret a new value; the old one stays readable as AWSPREVIOUS. */
export async function putSecret(target: Target, name: string, value: string): Promise<void> {
  const client = new SecretsManagerClient(target.client('secretsManager'));
  try {
    await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value }));
  } finally {
    client.destroy();
  }
}

/** The secret's value; undefined when it has none yet. */
export async function getSecret(target: Target, name: string): Promise<string | undefined> {
  const client = new SecretsManagerClient(target.client('secretsManager'));
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    return SecretString?.trim();
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}
