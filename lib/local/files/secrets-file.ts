import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { readJsonFile, writeFileAtomically } from './state-file.ts';

const secretsSchema = z.record(z.string(), z.string());

/** The values in a secrets file by secret name; none without a file. Throws InputError when it is unreadable. */
export function readSecretsFile(file: string): Readonly<Record<string, string>> {
  return readJsonFile(file, secretsSchema) ?? {};
}

/** Gives each of these secrets that has no value yet the one that `generate` makes, and keeps all others. */
export function addMissingSecrets(file: string, names: readonly string[], generate: () => string) {
  const known = readSecretsFile(file);
  const missing = names.filter((name) => !known[name]).map((name) => [name, generate()] as const);
  if (missing.length > 0) write(file, { ...known, ...Object.fromEntries(missing) });
}

/** Gives one secret a value, and keeps all others. */
export function setSecret(file: string, name: string, value: string): void {
  write(file, { ...readSecretsFile(file), [name]: value });
}

function write(file: string, secrets: Readonly<Record<string, string>>): void {
  writeFileAtomically(file, `${JSON.stringify(secrets, null, 2)}\n`);
}

/** A Standard Webhooks signing secret: 32 random bytes. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
