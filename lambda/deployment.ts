import { deployedApi } from './api/api.ts';
import { readConfigFiles } from './config/config-files.ts';
import { openLedger } from './ledger/ledger.ts';
import { carryOver } from './policies/carry-over.ts';
import { dynamoDb, secretsManager } from './runtime/aws.ts';
import { required } from './runtime/environment.ts';
import { log } from './runtime/log.ts';
import { secretReader } from './runtime/secrets.ts';

/**
 * What a function that advances firings is deployed with. It awaits `carry` before anything else.
 * @param url of its own module: the configuration is beside it.
 */
export function deployment(url: string) {
  const files = readConfigFiles(url);
  const now = () => new Date();
  const readSecret = secretReader(secretsManager(), now);
  const ledger = openLedger(dynamoDb(), required(process.env, 'LEDGER_TABLE'));
  // Only a local run with a key of a person says how to replace it.
  const config = { ...files.index, setKey: process.env.SET_API_KEY };
  const api = deployedApi(config, readSecret, required(process.env, 'API_BASE_URL'), now);
  log('function_started', { version: process.env.RTT_VERSION });
  return {
    files,
    readSecret,
    context: { ...files.index, ledger, api, now },
    carry: carryOver(files.index.renamed, ledger),
  };
}
