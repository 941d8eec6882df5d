import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Assembly, LocalSchedule } from './assembly.ts';
import { type AsyncInvocation, type DeadLetter, invokeAsync } from './async-invocations.ts';
import type { Clock } from './clock.ts';
import type { DeadLetters } from './dead-letters.ts';
import { FIRE_PATH, readFireRequest, triggerOf } from './fire-schedule-route.ts';
import { type FunctionHost, hostFunction, type LogLine } from './function-host.ts';
import type { Outcome } from './function-process.ts';
import { gateway } from './gateway.ts';
import { type LoopbackServer, sendJson, serveLoopback } from './http-server.ts';
import { InputError } from './input-error.ts';
import type { InvokeByName } from './lambda-endpoint.ts';
import { inputOf, runSchedules } from './scheduler.ts';

/** What running an assembly needs of the world. */
export interface StackOptions {
  readonly port: number;
  /** From when on schedules fire; undefined: only when asked to. */
  readonly schedulesFrom?: Date;
  readonly clock: Clock;
  readonly deadLetters: DeadLetters;
  /** Environment variables over the functions' own. */
  readonly endpoints: Readonly<Record<string, string>>;
  createdAt(schedule: LocalSchedule): Date;
  log(line: LogLine): void;
  notice(text: string): void;
}

/** The assembly's functions, schedules and routes, running. */
export interface RunningStack extends LoopbackServer {
  fire(trigger: string): Promise<Outcome | 'throttled'>;
  invoke: InvokeByName;
  /** Of the function that takes manual requests. */
  readonly triggerFunction: string;
  readonly ledgerTable: string;
}

/** How long invocations under way may take when the run stops. */
const STOP_GRACE_MS = 1_500;

/** Runs an assembly. Throws InputError when the port is taken. */
export async function runStack(assembly: Assembly, options: StackOptions): Promise<RunningStack> {
  const { clock, notice } = options;
  const stopping = new AbortController();
  const hosts = new Map(
    assembly.functions.map((fn) => [
      fn.arn,
      hostFunction(fn, options.endpoints, clock, options.log),
    ]),
  );
  const route = gateway(assembly.routes, hosts);
  const server = await listen(options.port, async (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    await (FIRE_PATH.test(path) ? answerFire(request, response) : route(request, response));
  });
  const { schedulesFrom: from } = options;
  const scheduling = runSchedules(from ? assembly.schedules : [], {
    clock,
    from: from ?? clock.now(),
    signal: stopping.signal,
    createdAt: options.createdAt,
    fire: (schedule, time) => void invokeAsScheduled(schedule, time),
    miss: (schedule, time) =>
      notice(`${schedule.name} missed ${time.toISOString()}: this machine was asleep`),
  });

  return {
    url: server.url,
    fire: (trigger) =>
      triggerHost().invoke(JSON.stringify({ trigger, requestId: `cli-${randomUUID()}` })),
    invoke: (name, event) => hostNamed(name)?.invoke(event),
    triggerFunction: triggerHost().fn.name,
    ledgerTable: triggerHost().fn.environment.LEDGER_TABLE ?? '',
    async stop() {
      stopping.abort();
      await Promise.all([...hosts.values()].map((host) => host.stop(STOP_GRACE_MS)));
      await server.stop();
      await scheduling;
    },
  };

  function hostOf({ functionArn }: LocalSchedule): FunctionHost {
    const host = hosts.get(functionArn);
    if (!host) throw new Error(`No function ${functionArn} in the stack`);
    return host;
  }

  /** By name or ARN, as Lambda takes it. */
  function hostNamed(name: string): FunctionHost | undefined {
    const arn = name.replace(/:\$LATEST$/, '');
    return [...hosts.values()].find(({ fn }) => fn.arn === arn || fn.name === arn);
  }

  function invokeAsScheduled(schedule: LocalSchedule, time: Date): AsyncInvocation {
    const invocation = invokeAsync(hostOf(schedule), inputOf(schedule, time), {
      clock,
      signal: stopping.signal,
      deadLetter: (letter) => keepDeadLetter(letter, hostOf(schedule)),
    });
    invocation.settled.catch((error: Error) =>
      notice(`${schedule.name} of ${time.toISOString()} is lost: ${error.message}`),
    );
    return invocation;
  }

  function keepDeadLetter(letter: DeadLetter, { fn }: FunctionHost): void {
    const { condition, approximateInvokeCount: attempts } = letter.requestContext;
    const kept = fn.asynchronous.onFailure !== undefined;
    if (kept) options.deadLetters.add(letter);
    const payload = JSON.stringify(letter.requestPayload);
    const place = kept ? `kept in ${options.deadLetters.file}` : 'dropped: it has no destination';
    notice(`DEAD LETTER ${fn.label}: ${payload} failed ${attempts} times (${condition}), ${place}`);
  }

  async function answerFire(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fire = readFireRequest(request, assembly.schedules, clock.now());
    if (!fire.ok) return sendJson(response, fire.status, { message: fire.message });
    const { requestId, firstAttempt } = invokeAsScheduled(fire.schedule, fire.scheduledTime);
    const outcome = await firstAttempt;
    if (outcome.ok) return sendJson(response, 200, JSON.parse(outcome.payload));
    sendJson(response, 502, {
      message: 'The function failed; Lambda repeats the event after a minute',
      requestId,
      error: outcome.error,
    });
  }

  /** The function that schedules with a trigger in their input invoke, else the one of that name. */
  function triggerHost(): FunctionHost {
    const schedule = assembly.schedules.find(triggerOf);
    const host = schedule
      ? hostOf(schedule)
      : [...hosts.values()].find(({ fn }) => fn.label === 'trigger');
    if (!host) throw new Error('The stack has no trigger function');
    return host;
  }
}

async function listen(
  port: number,
  handle: Parameters<typeof serveLoopback>[0],
): Promise<LoopbackServer> {
  try {
    return await serveLoopback(handle, port);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new InputError(
        `Port ${port} is taken: choose another with --port, or 0 for any free one`,
      );
    }
    if (code === 'EACCES')
      throw new InputError(`Port ${port} needs privileges: choose one from 1024`);
    throw error;
  }
}
