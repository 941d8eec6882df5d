import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loseOccurrence } from '../../lambda/sweep/watch-schedules.ts';
import { REGION } from './assembly/account.ts';
import { logFile } from './files/log-file.ts';
import { writeRunFile } from './files/run-file.ts';
import type { LocalRunOptions } from './local-run-options.ts';
import { runStack, type StackOptions } from './local-stack.ts';
import { scheduleCreation } from './scheduler/schedule-creation.ts';
import { chooseApi, START_AGAIN } from './services/api-target.ts';
import type { LedgerServer } from './services/ledger-server.ts';
import type { LocalKeys, startServices } from './services/local-services.ts';
import type { startMessaging } from './services/messaging.ts';
import type { startOperatorEndpoints } from './services/operator-endpoints.ts';

/** A synthesized stack whose tables exist; nothing of it runs. Its assembly lies in `outdir`. */
export type PreparedStack = Awaited<ReturnType<typeof prepareStack>>;

/** Throws InputError where the triggers file or the choice of the API cannot be used. */
export async function prepareStack(
  { synthesize, environment, notice }: LocalRunOptions,
  outdir: string,
  ledger: LedgerServer,
) {
  const { assembly, config, apiBaseUrl, warnings } = await synthesize(outdir);
  if (warnings !== '') notice(warnings);
  const target = chooseApi(environment, { apiBaseUrl, triggers: config.triggers });
  if (target.kind === 'real') {
    notice(`Calling the real API at ${target.baseUrl}: every execution COSTS MONEY.`);
  } else if (environment.FI_BASE_URL) {
    notice('FI_BASE_URL is ignored without FI_API_KEY: the stand-in is used.');
  }
  await ledger.createTables(assembly.tables);
  return { outdir, assembly, config, target };
}

/** What stays while a changed stack takes the place of another one. */
interface SharedParts extends Pick<StackOptions, 'deadLetters' | 'ended' | 'repeat'> {
  /** Of the port that the routes and the page share, without a trailing slash. */
  readonly url: string;
  readonly keys: LocalKeys;
  readonly ledger: LedgerServer;
  readonly services: Awaited<ReturnType<typeof startServices>>;
  readonly messaging: Awaited<ReturnType<typeof startMessaging>>;
  readonly operator: Awaited<ReturnType<typeof startOperatorEndpoints>>;
}

/** Runs it, and has commands find it: `run.json` is written when it can answer. `leave` ends it and removes its folder. */
export async function runPrepared(
  prepared: PreparedStack,
  parts: SharedParts,
  options: LocalRunOptions,
) {
  const { outdir, assembly, config } = prepared;
  const { url, keys, ledger, services, messaging, operator } = parts;
  const { deadLetters, ended, repeat } = parts;
  const { stateDirectory, clock } = options;
  const from = clock.now();
  const createdAt = options.schedules
    ? scheduleCreation(join(stateDirectory, 'schedules.json'), assembly.schedules, from)
    : () => from;
  const logged = join(stateDirectory, 'log.jsonl');
  const keep = logFile(logged);
  const stack = await runStack(assembly, {
    ...options,
    deadLetters,
    ended,
    repeat,
    log(line) {
      keep({ time: clock.now().toISOString(), ...line });
      options.log(line);
    },
    ...(options.schedules && { schedulesFrom: from }),
    operatorKey: keys.operator,
    functionsKey: keys.functions,
    createdAt,
    async miss({ trigger: name, name: schedule }, table) {
      const trigger = config.triggers[name];
      if (!trigger) throw new Error(`No trigger ${name} in the stack`);
      const of = { name, trigger, schedule };
      return loseOccurrence(of, { ledger: ledger.open(table), now: clock.now });
    },
    endpoints: {
      // SDK clients follow AWS_ENDPOINT_URL_*; the stack's API address gives way to the chosen one.
      API_BASE_URL: services.apiBaseUrl(),
      AWS_ACCESS_KEY_ID: keys.functions,
      AWS_ENDPOINT_URL_DYNAMODB: ledger.url,
      AWS_ENDPOINT_URL_EVENTBRIDGE: messaging.eventBridge.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: services.secretsManager.url,
      AWS_ENDPOINT_URL_SNS: messaging.sns.url,
      ...(!services.standIn && { SET_API_KEY: START_AGAIN }),
      ...proxyIn(options.environment),
    },
  });
  const runFile = {
    pid: process.pid,
    url,
    apiBaseUrl: services.apiBaseUrl(),
    isStandIn: services.standIn !== undefined,
    region: REGION,
    accessKeyId: keys.operator,
    endpoints: {
      dynamodb: ledger.url,
      eventBridge: messaging.eventBridge.url,
      lambda: operator.lambda.url,
      secretsManager: services.secretsManager.url,
      sqs: operator.sqs.url,
    },
    commandFunction: stack.commandFunction,
    functions: assembly.functions.map(({ arn }) => arn),
    ledgerTable: stack.ledgerTable,
    logFile: logged,
    messagesFile: messaging.notificationsFile,
    deadLetterQueues: operator.queueUrls(assembly),
  };
  const left = new AbortController();
  const leave = async (graceMs: number) => {
    left.abort();
    await stack.stop(graceMs);
    rmSync(outdir, { recursive: true, force: true });
  };
  try {
    const page = await options.page?.(runFile, left.signal);
    writeRunFile(stateDirectory, runFile);
    return { ...prepared, stack, createdAt, page, leave };
  } catch (error) {
    await leave(0);
    throw error;
  }
}

/** What the functions inherit of this machine's way to the internet. */
function proxyIn(environment: LocalRunOptions['environment']): Record<string, string> {
  const names = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];
  const given = names.map((name) => [name, environment[name] ?? ''] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}
