import { rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { loseOccurrence } from '../../lambda/sweep/watch-schedules.ts';
import type { Clock } from '../clock.ts';
import { InputError } from '../input-error.ts';
import { REGION } from './assembly/account.ts';
import type { SynthesizedLocally } from './assembly/synthesize-locally.ts';
import { logFile } from './files/log-file.ts';
import { headerFile, type RunFile, removeRunFile, writeRunFile } from './files/run-file.ts';
import { openStateDirectory } from './files/state-file.ts';
import { deadLettersIn } from './functions/dead-letters.ts';
import type { LogLine } from './functions/function-host.ts';
import { runStack } from './local-stack.ts';
import { scheduleCreation } from './scheduler/schedule-creation.ts';
import { newAccessKeyId } from './server/aws-service.ts';
import { sendJson, serveLoopback } from './server/http-server.ts';
import { chooseApi } from './services/api-target.ts';
import { type LedgerServer, startLedgerServer } from './services/ledger-server.ts';
import { type LocalKeys, startServices } from './services/local-services.ts';
import { startMessaging } from './services/messaging.ts';
import { startOperatorEndpoints } from './services/operator-endpoints.ts';

/** What a local run is made of. Nothing else is read: no environment, no clock, no working directory. */
export interface LocalRunOptions {
  /** Makes the stack to run; `outdir` is a folder of the state directory. */
  synthesize(outdir: string): Promise<SynthesizedLocally>;
  /** Everything the run keeps: ledger, secrets, dead letters, the synthesized assembly. */
  readonly stateDirectory: string;
  /** 0: any free one. */
  readonly port: number;
  /** FI_API_KEY, FI_SECRET_KEY and FI_BASE_URL choose the API, HTTPS_PROXY and NO_PROXY the way to it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** False: schedules fire only when asked to. */
  readonly schedules: boolean;
  readonly clock: Clock;
  /** Makes the page that the run serves on its own port, until `replaced` by that of a changed stack; absent: none. */
  page?(run: RunFile, replaced: AbortSignal): Promise<OwnPage>;
  /** Every line of the functions' logs, in order for each function. */
  log(line: LogLine): void;
  /** What a person must know and no function logs: missed schedules, dead letters, warnings. */
  notice(text: string): void;
}

/** Answers a request, or leaves it to the stack's routes. */
type OwnPage = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<'answered' | 'not-mine'>;

/** How long what is under way may take when the run stops. */
const STOP_GRACE_MS = 1_500;
/** And when a changed stack is in use already: as long as an HTTP API waits for an answer. */
const LEAVE_GRACE_MS = 30_000;

/** Runs until `stop`; a changed triggers file replaces its stack, not the run. */
export type LocalRun = Awaited<ReturnType<typeof startLocalRun>>;

/**
 * Synthesizes the stack and runs what was synthesized. Throws InputError when the operator's input cannot be
 * used, and Error when the template holds what cannot be imitated; nothing is left running then.
 */
export async function startLocalRun(options: LocalRunOptions) {
  const stateDirectory = resolve(options.stateDirectory);
  openStateDirectory(stateDirectory);
  const started: { stop(): Promise<void> }[] = [];
  const stopAll = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    // The ledger first: it is what two local runs must not share.
    const keys = { functions: newAccessKeyId(), operator: newAccessKeyId() };
    const ledger = await startLedgerServer(join(stateDirectory, 'ledger'), keys);
    started.push(ledger);
    return await startParts(options, stateDirectory, { ledger, keys }, started, stopAll);
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function startParts(
  options: LocalRunOptions,
  stateDirectory: string,
  { ledger, keys }: { readonly ledger: LedgerServer; readonly keys: LocalKeys },
  started: { stop(): Promise<void> }[],
  stop: () => Promise<void>,
) {
  const { clock, environment, notice } = options;
  const assemblies = join(stateDirectory, 'assembly');
  rmSync(assemblies, { recursive: true, force: true });
  let made = 0;
  const first = await prepare();
  const services = await startServices(first, keys, { stateDirectory, clock });
  started.push(services);
  const buses = () => current.assembly.buses;
  const messaging = await startMessaging(keys, { ...options, stateDirectory, buses });
  started.push(messaging);
  const deadLetters = deadLettersIn(join(stateDirectory, 'dead-letters.jsonl'));
  const logged = join(stateDirectory, 'log.jsonl');
  const keep = logFile(logged);
  let answer: (...exchange: Parameters<OwnPage>) => Promise<void> = async (_, response) =>
    sendJson(response, 503, { message: 'The local run is starting' });
  const front = await serveLoopback((...exchange) => answer(...exchange), options.port).catch(
    refusePort(options.port),
  );
  /** With those that a changed one has replaced, until what is under way there has ended. */
  const running = new Set<(graceMs: number) => Promise<void>>();
  started.push({
    async stop() {
      // Connections end first: a sender repeats what got no answer, and need not hear of a function that was killed.
      const closed = front.stop(STOP_GRACE_MS);
      await Promise.all([closed, ...[...running].map((leave) => leave(STOP_GRACE_MS))]);
    },
  });
  const operator = await startOperatorEndpoints(keys.operator, () => current.assembly, {
    invoke: (...event) => current.stack.invoke(...event),
    deadLetters,
    clock,
  });
  started.push(operator, { stop: async () => removeRunFile(stateDirectory) });
  let current = await run(first);
  messaging.eventBridge.subscribe((...event) => current.stack.deliver(...event));
  answer = async (...exchange) => {
    const { page, stack } = current;
    if ((await page?.(...exchange)) !== 'answered') await stack.answer(...exchange);
  };
  return {
    /** Of the HTTP API, without a trailing slash. */
    url: front.url,
    /** What a person opens in a browser. Behind the `#`, which a browser sends nowhere, is the run's access key. */
    pageUrl: `${front.url}/#key=${keys.operator}`,
    apiBaseUrl: services.apiBaseUrl(),
    /** Absent when the real API is used. */
    ...(services.standIn && { standIn: services.standIn }),
    secretsFile: services.secretsFile,
    /** Holds the header that the run's own addresses want; readable by its owner only. */
    headerFile: headerFile(stateDirectory),
    deadLettersFile: deadLetters.file,
    /** Every event of the service's bus, and every message for people: one JSON object a line. */
    eventsFile: messaging.eventsFile,
    notificationsFile: messaging.notificationsFile,
    triggers: first.config.triggers,
    schedules: first.assembly.schedules,
    /** Since when a schedule exists on this machine. */
    createdAt: current.createdAt,
    fire: (trigger: string) => current.stack.fire(trigger),
    /**
     * Synthesizes again and runs that from now on, at the same addresses; what is under way ends where it began. Returns its
     * triggers. Throws InputError when it cannot be used: what was running goes on.
     */
    async change() {
      const next = await prepare();
      services.use(next);
      const before = current;
      current = await run(next);
      void before.leave(LEAVE_GRACE_MS);
      return next.config.triggers;
    },
    /** Gives invocations under way 1.5 s to end. Idempotent. */
    stop,
  };

  async function prepare() {
    made += 1;
    const outdir = join(assemblies, String(made));
    const { assembly, config, apiBaseUrl, warnings } = await options.synthesize(outdir);
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

  async function run({ outdir, assembly, config }: Awaited<ReturnType<typeof prepare>>) {
    const from = clock.now();
    const createdAt = options.schedules
      ? scheduleCreation(join(stateDirectory, 'schedules.json'), assembly.schedules, from)
      : () => from;
    const stack = await runStack(assembly, {
      ...options,
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
      deadLetters,
      endpoints: {
        // SDK clients follow AWS_ENDPOINT_URL_*; the stack's API address gives way to the chosen one.
        API_BASE_URL: services.apiBaseUrl(),
        AWS_ACCESS_KEY_ID: keys.functions,
        AWS_ENDPOINT_URL_DYNAMODB: ledger.url,
        AWS_ENDPOINT_URL_EVENTBRIDGE: messaging.eventBridge.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: services.secretsManager.url,
        AWS_ENDPOINT_URL_SNS: messaging.sns.url,
        ...proxyIn(environment),
      },
    });
    const left = new AbortController();
    const leave = async (graceMs: number) => {
      left.abort();
      await stack.stop(graceMs);
      rmSync(outdir, { recursive: true, force: true });
      running.delete(leave);
    };
    running.add(leave);
    const runFile = {
      pid: process.pid,
      url: front.url,
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
    const page = await options.page?.(runFile, left.signal);
    writeRunFile(stateDirectory, runFile);
    return { assembly, stack, createdAt, page, leave };
  }
}

/** What the functions inherit of this machine's way to the internet. */
function proxyIn(environment: LocalRunOptions['environment']): Record<string, string> {
  const names = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];
  const given = names.map((name) => [name, environment[name] ?? ''] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

const PORT_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken: choose another with --port, or 0 for any free one',
  EACCES: 'needs privileges: choose one from 1024',
};

function refusePort(port: number): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    const fault = PORT_FAULTS[error.code ?? ''];
    throw fault === undefined ? error : new InputError(`Port ${port} ${fault}`);
  };
}
