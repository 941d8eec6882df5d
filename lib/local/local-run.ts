import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LEASE_MS } from '../../lambda/runtime/limits.ts';
import { InputError } from '../input-error.ts';
import { headerFile, removeRunFile } from './files/run-file.ts';
import { openStateDirectory } from './files/state-file.ts';
import { deadLettersIn } from './functions/dead-letters.ts';
import type { LocalRunOptions, OwnPage } from './local-run-options.ts';
import type { StackOptions } from './local-stack.ts';
import { type PreparedStack, prepareStack, runPrepared } from './prepared-stack.ts';
import { newAccessKeyId } from './server/aws-service.ts';
import { sendJson, serveLoopback } from './server/http-server.ts';
import { startLedgerServer } from './services/ledger-server.ts';
import { startServices } from './services/local-services.ts';
import { startMessaging } from './services/messaging.ts';
import { startOperatorEndpoints } from './services/operator-endpoints.ts';

/** How long what is under way may take when the run stops. */
const STOP_GRACE_MS = 1_500;
/** And when a changed stack is in use already: longer than any function may take. A sweep that was killed would leave doubts. */
const LEAVE_GRACE_MS = LEASE_MS;

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
    return await startParts({ ...options, stateDirectory }, started, stopAll);
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function startParts(
  options: LocalRunOptions,
  started: { stop(): Promise<void> }[],
  stop: () => Promise<void>,
) {
  const { stateDirectory, clock } = options;
  // The ledger first: it is what two local runs must not share.
  const keys = { functions: newAccessKeyId(), operator: newAccessKeyId() };
  const ledger = await startLedgerServer(join(stateDirectory, 'ledger'), keys);
  started.push(ledger);
  const assemblies = join(stateDirectory, 'assembly');
  rmSync(assemblies, { recursive: true, force: true });
  let made = 0;
  const prepare = () => {
    made += 1;
    return prepareStack(options, join(assemblies, String(made)), ledger);
  };
  const first = await prepare();
  const services = await startServices(first, keys, options);
  started.push(services);
  const messaging = await startMessaging(keys, {
    ...options,
    buses: () => current.assembly.buses,
    deliver: (bus, event) => current.stack.deliver(bus, event),
  });
  started.push(messaging);
  const deadLetters = deadLettersIn(join(stateDirectory, 'dead-letters.jsonl'));
  let answer: (...exchange: Parameters<OwnPage>) => Promise<void> = async (_, response) =>
    sendJson(response, 503, { message: 'The local run is starting' });
  const front = await serveLoopback((...exchange) => answer(...exchange), options.port).catch(
    refusePort(options.port),
  );
  /** With those that a changed one has replaced, until what is under way there has ended. */
  const running = new Set<(graceMs: number) => Promise<void>>();
  const ending = new AbortController();
  started.push({
    async stop() {
      ending.abort();
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
  const shared = {
    url: front.url,
    keys,
    ledger,
    services,
    messaging,
    operator,
    deadLetters,
    ended: ending.signal,
    repeat: (...failed: Parameters<StackOptions['repeat']>) => current.stack.repeat(...failed),
  };
  const run = async (prepared: PreparedStack) => {
    const stack = await runPrepared(prepared, shared, options);
    running.add(stack.leave);
    return stack;
  };
  let current = await run(first);
  answer = async (...exchange) => {
    if ((await current.page?.(...exchange)) === 'answered') return;
    // Not the stack of before: it may have ended meanwhile.
    await current.stack.answer(...exchange);
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
    /** Aborts when somebody moves, deletes or replaces the state directory, which only a new run survives. */
    gone: ledger.gone,
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
      const before = current;
      services.use(next);
      current = await run(next).catch((error) => {
        services.use(before);
        throw error;
      });
      void before.leave(LEAVE_GRACE_MS).then(() => running.delete(before.leave));
      return next.config.triggers;
    },
    /** Gives invocations under way 1.5 s to end. Idempotent. */
    stop,
  };
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
