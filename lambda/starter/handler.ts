import type { Context } from 'aws-lambda';
import { deployedApi } from '../api/api.ts';
import { readConfigFiles } from '../config/config-files.ts';
import { openLedger } from '../ledger/ledger.ts';
import { carryOver } from '../policies/carry-over.ts';
import { dynamoDb, secretsManager } from '../runtime/aws.ts';
import { required } from '../runtime/environment.ts';
import { log } from '../runtime/log.ts';
import { secretReader } from '../runtime/secrets.ts';
import { addMs } from '../runtime/time.ts';
import { startRecorded } from './start-recorded.ts';

const { index: config } = readConfigFiles(import.meta.url);
const now = () => new Date();
const readSecret = secretReader(secretsManager(), now);
const context = {
  ...config,
  ledger: openLedger(dynamoDb(), required(process.env, 'LEDGER_TABLE')),
  api: deployedApi(config, readSecret, required(process.env, 'API_BASE_URL'), now),
  now,
};
const carry = carryOver(config.renamed, context.ledger);
log('function_started', { version: process.env.RTT_VERSION });

/** Invoked by the webhook function for each firing that it has recorded. */
export async function handler(event: unknown, invocation: Context): Promise<void> {
  await carry();
  await startRecorded(event, context, addMs(now(), invocation.getRemainingTimeInMillis()));
}
