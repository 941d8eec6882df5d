import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Target } from './target.ts';
import { withClient } from './with-client.ts';

/** Gives the secret a new value, and creates it where there is none; an old value stays readable as AWSPREVIOUS. */
export async function putSecret(target: Target, name: string, value: string): Promise<void> {
  await withClient(new SecretsManagerClient(target.client('secretsManager')), async (client) => {
    try {
      await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value }));
    } catch (error) {
      const isMissing = error instanceof Error && error.name === 'ResourceNotFoundException';
      if (!isMissing || target.kind === 'local' || name.startsWith('arn:')) throw error;
      const Tags = [...target.tags];
      await client.send(new CreateSecretCommand({ Name: name, SecretString: value, Tags }));
    }
  });
}

/** The secret's value; undefined when it has none yet. */
export async function getSecret(target: Pick<Target, 'client'>, name: string) {
  return (await readSecret(target, name))?.value;
}

/** The secret's value, and since when it has it where the service tells; undefined when it has no value yet. */
export async function readSecret(target: Pick<Target, 'client'>, name: string) {
  const secrets = new SecretsManagerClient(target.client('secretsManager'));
  try {
    const { SecretString, CreatedDate: since } = await withClient(secrets, (client) =>
      client.send(new GetSecretValueCommand({ SecretId: name })),
    );
    const value = SecretString?.trim();
    return value ? { value, since } : undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** Whether the secret has a value; undefined where the caller may not know. */
export async function hasValue(
  target: Pick<Target, 'client'>,
  name: string,
): Promise<boolean | undefined> {
  try {
    return Boolean(await getSecret(target, name));
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessDeniedException') return undefined;
    throw error;
  }
}
