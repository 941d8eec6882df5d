import type { IncomingMessage, ServerResponse } from 'node:http';
import { occurrences } from '../../lambda/schedule/occurrences.ts';
import type { Clock } from '../clock.ts';
import { newRequestId } from '../request-id.ts';
import { within } from '../within.ts';
import type { Assembly, LocalSchedule } from './assembly/assembly.ts';
import { matcherOf } from './assembly/event-pattern.ts';
import { invokeAsync } from './functions/async-invocations.ts';
import type { DeadLetter, DeadLetters } from './functions/dead-letters.ts';
import { type FunctionHost, hostFunction, type LogLine } from './functions/function-host.ts';
import type { Outcome } from './functions/function-process.ts';
import { gateway } from './gateway/gateway.ts';
import {
  readScheduleRequest,
  SCHEDULE_PATH,
  type ScheduleName,
} from './scheduler/fire-schedule-route.ts';
import { inputOf, runSchedules } from './scheduler/scheduler.ts';
import { signerOf } from './server/aws-service.ts';
import { sendJson } from './server/http-server.ts';
import type { EventEnvelope } from './services/event-bridge.ts';
import { type InvokeByName, startLambdaEndpoint } from './services/lambda-endpoint.ts';

/** For one synthesized stack; the stacks of a run share dead letters, keys and clock. */
export interface StackOptions {
  /** From when on schedules fire; undefined: only when asked to. */
  readonly schedulesFrom?: Date;
  readonly clock: Clock;
  readonly deadLetters: DeadLetters;
  /** When the run ends: an event that has failed is tried again until then, also when this stack has been replaced. */
  readonly ended: AbortSignal;
  /** Invokes the function of the stack that is in use by then. */
  repeat(functionArn: string, event: string, requestId: string): Promise<Outcome>;
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

const NO_KEY =
  'Every user of this machine can reach this port: send the header in the file authorization of the state folder';

/** Runs the functions, schedules and routes of an assembly. Throws, with nothing running, on a rule that it cannot match. */
export async function runStack(assembly: Assembly, options: StackOptions) {
  const { clock, notice } = options;
  const rules = assembly.rules.map((rule) => ({ ...rule, matches: matcherOf(rule.pattern) }));
  const stopping = new AbortController();
  /** The occurrence to drop, by its schedule's name. */
  const dropped = new Map<string, Date>();
  const underWay = new Set<Promise<unknown>>();
  const invoke: InvokeByName = (name, event) => {
    const invocation = hostNamed(name)?.invoke(event);
    return invocation && tracked(invocation);
  };
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
    /** Answers a request to one of the routes, or for a schedule. */
    answer: (request: IncomingMessage, response: ServerResponse) => {
      const isSchedule = SCHEDULE_PATH.test(request.url?.split('?')[0] ?? '');
      return tracked((isSchedule ? answerSchedule : route)(request, response));
    },
    deliver,
    /** Sends the command function a request to start, synchronously. */
    fire: (trigger: string) =>
      commandHost().invoke(JSON.stringify({ trigger, requestId: newRequestId() })),
    invoke,
    /** Invokes a function with an event of another stack's queue. */
    repeat: (functionArn: string, event: string, requestId: string) =>
      tracked(hostOf(functionArn).invokeQueued(event, requestId)),
    commandFunction: commandHost().fn.name,
    ledgerTable: ledgerTable(),
    /** Fires no more schedules, and gives what is under way so long to end. Idempotent. */
    async stop(graceMs: number) {
      stopping.abort();
      await within(idle(), graceMs);
      await Promise.all([...hosts.values()].map((host) => host.stop()));
      await lambda.stop();
      await scheduling;
    },
  };

  function tracked<T>(work: Promise<T>): Promise<T> {
    const done = () => underWay.delete(work);
    underWay.add(work);
    work.then(done, done);
    return work;
  }

  /** What is under way may still ask a function. */
  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.allSettled(underWay);
  }

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
      signal: options.ended,
      repeat: (...failed) => options.repeat(functionArn, ...failed),
      deadLetter: (letter) => keepDeadLetter(letter, host),
    });
    void tracked(invocation.firstAttempt);
    invocation.settled.catch((error: Error) => {
      // The first sweep of the next run does all that this one has left.
      if (host.fn.label !== 'sweep') notice(`${what} is lost: ${error.message}`);
    });
    return invocation;
  }

  function invokeAsScheduled(schedule: LocalSchedule, time: Date) {
    const what = `${schedule.name} of ${time.toISOString()}`;
    return invokeWith(inputOf(schedule, time), schedule.functionArn, what);
  }

  /** Invokes the targets of every rule that matches. */
  function deliver(bus: string, event: EventEnvelope): void {
    const met = rules.filter((rule) => rule.bus === bus && rule.matches(event));
    const text = JSON.stringify(event);
    for (const { functionArn, input } of met.flatMap(({ targets }) => targets)) {
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
