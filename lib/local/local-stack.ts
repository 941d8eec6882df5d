import type { IncomingMessage, ServerResponse } from 'node:http';
import { occurrences } from '../../lambda/schedule/occurrences.ts';
import type { Clock } from '../clock.ts';
import { InputError } from '../input-error.ts';
import { newRequestId } from '../request-id.ts';
import type { Assembly, LocalSchedule } from './assembly/assembly.ts';
import { matches } from './assembly/event-pattern.ts';
import { type DeadLetter, invokeAsync } from './functions/async-invocations.ts';
import type { DeadLetters } from './functions/dead-letters.ts';
import { type FunctionHost, hostFunction, type LogLine } from './functions/function-host.ts';
import { gateway } from './gateway/gateway.ts';
import {
  readScheduleRequest,
  SCHEDULE_PATH,
  type ScheduleName,
} from './scheduler/fire-schedule-route.ts';
import { inputOf, runSchedules } from './scheduler/scheduler.ts';
import { signerOf } from './server/aws-service.ts';
import { sendJson, serveLoopback } from './server/http-server.ts';
import type { EventBridge, EventEnvelope } from './services/event-bridge.ts';
import { type InvokeByName, startLambdaEndpoint } from './services/lambda-endpoint.ts';

export interface StackOptions {
  readonly port: number;
  /** From when on schedules fire; undefined: only when asked to. */
  readonly schedulesFrom?: Date;
  readonly clock: Clock;
  readonly deadLetters: DeadLetters;
  readonly eventBridge: Pick<EventBridge, 'subscribe'>;
  /** Asked first with each request that is not for a schedule; absent: none. */
  readonly page?: OwnPage;
  /** What the run's own addresses want to see. */
  readonly operatorKey: string;
  /** The access key of the functions' SDK clients. */
  readonly functionsKey: string;
  /** Environment variables over the functions' own. */
  readonly endpoints: Readonly<Record<string, string>>;
  createdAt(schedule: LocalSchedule): Date;
  /** Makes the next sweep find that an occurrence was missed. Returns when it was due. */
  miss(schedule: ScheduleName, ledgerTable: string): Promise<Date>;
  log(line: LogLine): void;
  notice(text: string): void;
}

/** Answers a request, or leaves it to the stack's routes. */
export type OwnPage = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<'answered' | 'not-mine'>;

const NO_KEY =
  'Every user of this machine can reach this port: send the header in the file authorization of the state folder';

/** How long invocations under way may take when the run stops. */
const STOP_GRACE_MS = 1_500;

/** Runs the functions, schedules and routes of an assembly. Throws InputError when the port is taken. */
export async function runStack(assembly: Assembly, options: StackOptions) {
  const { clock, notice } = options;
  const stopping = new AbortController();
  /** The occurrence to drop, by its schedule's name. */
  const dropped = new Map<string, Date>();
  const invoke: InvokeByName = (name, event) => hostNamed(name)?.invoke(event);
  const lambda = await startLambdaEndpoint(options.functionsKey, invoke, (name, event) => {
    const host = hostNamed(name);
    if (host) invokeWith(event, host.fn.arn, `An event of ${host.fn.label}`);
    return host !== undefined;
  });
  const endpoints = { ...options.endpoints, AWS_ENDPOINT_URL_LAMBDA: lambda.url };
  const hosts = new Map(
    assembly.functions.map((fn) => [fn.arn, hostFunction(fn, endpoints, clock, options.log)]),
  );
  const route = gateway(assembly.routes, hosts);
  const server = await listen(options.port, async (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (SCHEDULE_PATH.test(path)) return answerSchedule(request, response);
    if ((await options.page?.(request, response)) !== 'answered') await route(request, response);
  }).catch(async (error: unknown) => {
    await lambda.stop();
    throw error;
  });
  options.eventBridge.subscribe(deliver);
  const { schedulesFrom: from } = options;
  const scheduling = runSchedules(from ? assembly.schedules : [], {
    clock,
    from: from ?? clock.now(),
    signal: stopping.signal,
    createdAt: options.createdAt,
    fire(schedule, time) {
      const lost = dropped.get(schedule.name)?.getTime() === time.getTime();
      if (lost) notice(`${schedule.name} of ${time.toISOString()} is dropped, as you asked`);
      else invokeAsScheduled(schedule, time);
    },
    miss: (schedule, time) =>
      notice(`${schedule.name} missed ${time.toISOString()}: this machine was asleep`),
  });

  return {
    url: server.url,
    /** Sends the command function a request to start, synchronously. */
    fire: (trigger: string) =>
      commandHost().invoke(JSON.stringify({ trigger, requestId: newRequestId() })),
    invoke,
    commandFunction: commandHost().fn.name,
    ledgerTable: ledgerTable(),
    async stop() {
      stopping.abort();
      await Promise.all([...hosts.values()].map((host) => host.stop(STOP_GRACE_MS)));
      await Promise.all([server.stop(), lambda.stop()]);
      await scheduling;
    },
  };

  function hostOf(functionArn: string): FunctionHost {
    const host = hosts.get(functionArn);
    if (!host) throw new Error(`No function ${functionArn} in the stack`);
    return host;
  }

  /** By name or ARN, as Lambda takes it. */
  function hostNamed(name: string): FunctionHost | undefined {
    const arn = name.replace(/:\$LATEST$/, '');
    return [...hosts.values()].find(({ fn }) => fn.arn === arn || fn.name === arn);
  }

  /** `what` names the event where it is lost. */
  function invokeWith(event: string, functionArn: string, what: string) {
    const host = hostOf(functionArn);
    const invocation = invokeAsync(host, event, {
      clock,
      signal: stopping.signal,
      deadLetter: (letter) => keepDeadLetter(letter, host),
    });
    invocation.settled.catch((error: Error) => notice(`${what} is lost: ${error.message}`));
    return invocation;
  }

  function invokeAsScheduled(schedule: LocalSchedule, time: Date) {
    const what = `${schedule.name} of ${time.toISOString()}`;
    return invokeWith(inputOf(schedule, time), schedule.functionArn, what);
  }

  /** Invokes the targets of every rule that matches. */
  function deliver(bus: string, event: EventEnvelope): void {
    const rules = assembly.rules.filter((rule) => rule.bus === bus && matches(rule.pattern, event));
    const text = JSON.stringify(event);
    for (const { functionArn, input } of rules.flatMap(({ targets }) => targets)) {
      const payload = input?.replaceAll('<aws.events.event.json>', () => text) ?? text;
      invokeWith(payload, functionArn, `Event ${event.id}`);
    }
  }

  function keepDeadLetter(letter: DeadLetter, { fn }: FunctionHost): void {
    const { condition, approximateInvokeCount: attempts } = letter.requestContext;
    const kept = fn.asynchronous.onFailure !== undefined;
    if (kept) options.deadLetters.add(letter);
    const payload = JSON.stringify(letter.requestPayload);
    const place = kept ? `kept in ${options.deadLetters.file}` : 'dropped: it has no destination';
    notice(`DEAD LETTER ${fn.label}: ${payload} failed ${attempts} times (${condition}), ${place}`);
  }

  async function answerSchedule(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (signerOf(request.headers, [options.operatorKey]) === undefined) {
      return sendJson(response, 401, { message: NO_KEY });
    }
    const asked = readScheduleRequest(request, assembly.schedules, clock.now());
    if (!asked.ok) return sendJson(response, asked.status, { message: asked.message });
    if (asked.action === 'fire') return answerFire(asked.schedule, asked.scheduledTime, response);
    const { name, schedule } = asked.schedule;
    if (asked.action === 'miss') {
      const due = await options.miss(asked.of, ledgerTable());
      return sendJson(response, 200, { schedule: name, due: due.toISOString() });
    }
    const [time] = occurrences(schedule, clock.now(), options.createdAt(asked.schedule)).take(1);
    if (!time) return sendJson(response, 409, { message: `${name} has no occurrence left` });
    dropped.set(name, time);
    sendJson(response, 200, { schedule: name, dropped: time.toISOString() });
  }

  async function answerFire(
    schedule: LocalSchedule,
    scheduledTime: Date,
    response: ServerResponse,
  ): Promise<void> {
    const { requestId, firstAttempt } = invokeAsScheduled(schedule, scheduledTime);
    const outcome = await firstAttempt;
    if (outcome.ok) return sendJson(response, 200, JSON.parse(outcome.payload));
    sendJson(response, 502, {
      message: 'The function failed; Lambda repeats the event after a minute',
      requestId,
      error: outcome.error,
    });
  }

  function ledgerTable(): string {
    return commandHost().fn.environment.LEDGER_TABLE ?? '';
  }

  function commandHost(): FunctionHost {
    const host = [...hosts.values()].find(({ fn }) => fn.label === 'command');
    if (!host) throw new Error('The stack has no function named command');
    return host;
  }
}

const TAKEN = 'is taken: choose another with --port, or 0 for any free one';
const PRIVILEGED = 'needs privileges: choose one from 1024';

async function listen(port: number, handle: Parameters<typeof serveLoopback>[0]) {
  try {
    return await serveLoopback(handle, port);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const fault = code === 'EADDRINUSE' ? TAKEN : code === 'EACCES' ? PRIVILEGED : undefined;
    throw fault === undefined ? error : new InputError(`Port ${port} ${fault}`);
  }
}
