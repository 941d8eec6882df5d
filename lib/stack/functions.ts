import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ANSWER_MS, ANSWER_RESERVE_MS } from '../../lambda/runtime/limits.ts';
import type { TriggersFile } from '../config/schema.ts';
import { allow } from './allow.ts';
import { BundledFunction } from './bundled-function.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { EventBus } from './event-bus.ts';
import type { Bundles } from './function-bundle.ts';
import type { LedgerTable } from './ledger-table.ts';

/** A POST gets 45 s (lambda/runtime/limits.ts); key, list of known executions and ledger come before and after it. */
const START_SECONDS = 60;
/** Time for a POST (45 s) that begins at the end of the minute, and well below the lease of a firing that is sent. */
const SWEEP_SECONDS = 110;
/**
 * Lambda's maximum, and the longest start deadline (lib/config/policy-schema.ts): an event that waits for a free place ends in
 * the ledger, in time or as expired. What gets older becomes a dead letter; of a schedule's occurrence, the watch has
 * then recorded `missed`.
 */
const MAX_EVENT_AGE = Duration.hours(6);

/** The functions that know the ledger, each with what it may do there. Secrets are granted by the service. */
export function addFunctions(
  scope: Construct,
  bundles: Bundles,
  { api, reservedConcurrency: reserved }: Pick<TriggersFile, 'api' | 'reservedConcurrency'>,
  {
    ledger,
    bus,
    deadLetters,
  }: {
    readonly ledger: LedgerTable;
    readonly bus: EventBus;
    /** Of the trigger function. */
    readonly deadLetters: DeadLetterQueue;
  },
) {
  const environment = { LEDGER_TABLE: ledger.name, API_BASE_URL: api.baseUrl };

  // Advances every firing that is not final.
  const hasNoneToReserve = Object.values(reserved).every((value) => value === 'unreserved');
  const sweep = new BundledFunction(scope, 'Sweep', bundles, {
    name: 'sweep',
    description:
      'Once a minute, and when `trigger` wakes it: retries starts, settles unknown outcomes, follows executions, publishes events',
    timeoutSeconds: SWEEP_SECONDS,
    // A new account has no concurrency to reserve, not even for the sweep. One that takes long then overlaps with the next
    // one, which the ledger's conditional writes make harmless.
    reservedConcurrency: hasNoneToReserve ? 'unreserved' : 1,
    isTraced: false,
    environment: { ...environment, EVENT_BUS: bus.name },
    // A sweep that fails or has to wait is pointless after a minute: the next one does all of its work.
    asynchronous: { retryAttempts: 0, maxEventAge: Duration.seconds(60) },
  });

  const wakesSweep = { ...environment, SWEEP_FUNCTION: sweep.function.functionName };
  // Turns the events of schedules into firings.
  const trigger = new BundledFunction(scope, 'Trigger', bundles, {
    name: 'trigger',
    description: 'Starts the run test of a trigger when a schedule says so',
    timeoutSeconds: START_SECONDS,
    reservedConcurrency: reserved.trigger,
    isTraced: true,
    environment: wakesSweep,
    // Lambda repeats an event whose firing could not be recorded. It cannot cause a second start: the firing's id is
    // made from the event, and its ledger item is created once.
    asynchronous: { retryAttempts: 2, maxEventAge: MAX_EVENT_AGE, deadLetters },
  });
  // The same code takes people's commands in a function of its own, so that neither keeps the other waiting: a trigger
  // can be paused while every schedule fires.
  const command = trigger.addFunction('CommandFunction', bundles.trigger, {
    name: 'command',
    description: 'Takes commands of people: fire, dry run, poll, retry, pause, resume',
    timeoutSeconds: START_SECONDS,
    reservedConcurrency: reserved.command,
    isTraced: true,
    environment: wakesSweep,
  });

  // Starts the firings that deliveries caused, so that the function that faces the internet holds no API key.
  const starter = new BundledFunction(scope, 'Starter', bundles, {
    name: 'starter',
    description: 'Starts the run test of a trigger for a delivery that was recorded',
    timeoutSeconds: START_SECONDS,
    reservedConcurrency: reserved.starter,
    isTraced: true,
    environment,
    // The sweep goes on with a firing whose start failed, so its event is not repeated and needs no dead-letter queue.
    // In a flood, an event waits so long for a free place; what is left then, the sweep starts.
    asynchronous: { retryAttempts: 0, maxEventAge: Duration.minutes(15) },
  });

  // Verifies deliveries, records their firings and hands them over. It faces the internet, so it reads webhook secrets
  // and no API key. API Gateway waits for its answer, so Lambda repeats nothing.
  const webhook = new BundledFunction(scope, 'Webhook', bundles, {
    name: 'webhook',
    description: 'Verifies and records signed deliveries, and hands their firings over',
    timeoutSeconds: (ANSWER_MS + ANSWER_RESERVE_MS) / 1000,
    reservedConcurrency: reserved.webhook,
    isTraced: true,
    environment: { LEDGER_TABLE: ledger.name, STARTER_FUNCTION: starter.function.functionName },
  });

  for (const { role } of [trigger, starter, webhook, sweep]) ledger.grantRecord(role);
  for (const { role } of [trigger, starter, sweep]) ledger.grantAdmit(role);
  // A firing that a person sends again in doubt is looked for before.
  // A trigger that was removed can be paused if it has fired.
  ledger.grantFind(trigger.role, ['by-run-test', 'by-trigger']);
  ledger.grantFind(sweep.role, ['open', 'by-run-test', 'by-trigger', 'recent']);
  deadLetters.grantDeadLetters(trigger.role);
  allow(webhook.role, ['lambda:InvokeFunction'], starter.function.functionArn);
  allow(trigger.role, ['lambda:InvokeFunction'], sweep.function.functionArn);
  bus.grantPublish(sweep.role);
  return { command, trigger, webhook, starter, sweep };
}
