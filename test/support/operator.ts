import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { findRun } from '../../lib/local/files/run-file.ts';
import { localTarget } from '../../lib/target/local-target.ts';

/** The header with which a local run's own addresses can be used, as a person's curl reads it. */
export function operatorHeader(stateDirectory: string): Record<string, string> {
  const [, value = ''] =
    /^authorization: (.*)$/m.exec(readFileSync(join(stateDirectory, 'authorization'), 'utf8')) ??
    [];
  return { authorization: value };
}

/** A client of a local run's ledger, with the command line's access key. */
export async function ledgerClient(stateDirectory: string): Promise<DynamoDBClient> {
  const run = await findRun(stateDirectory);
  if (run === undefined || run === 'stale') throw new Error(`No run in ${stateDirectory}`);
  return new DynamoDBClient(localTarget(run).client('dynamodb'));
}
