import { EventInvokeConfig, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { TriggersFile } from '../config/schema.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { coreEnvironment, FiringFunction, type FunctionContext } from './firing-function.ts';

/** A POST gets 45 s (lambda/runtime/limits.ts); key, list of known executions and ledger come before and after it. */
const TIMEOUT_SECONDS = 60;
/**
 * Lambda repeats an event whose firing could not be recorded. It cannot cause a second start: the firing's id is
 * made from the event, and its ledger item is created once.
 */
const RETRIES = 2;
/**
 * Lambda's maximum, and the longest start deadline (lib/config/policy-schema.ts): an event that waits for a free place ends in
 * the ledger, in time or as expired. What gets older becomes a dead letter; of a schedule's occurrence, the watch has
 * then recorded `missed`.
 */
const MAX_EVENT_AGE = Duration.hours(6);

/**
 * Turns the events of schedules into firings. The same code takes people's commands in a function of its own, so
 * that neither keeps the other waiting: a trigger can be paused while every schedule fires.
 */
export class TriggerFunction extends FiringFunction {
  readonly command: LambdaFunction;

  constructor(
    scope: Construct,
    id: string,
    context: FunctionContext,
    props: {
      readonly reservedConcurrency: TriggersFile['reservedConcurrency'];
      readonly deadLetters: DeadLetterQueue;
    },
  ) {
    super(scope, id, context, {
      name: 'trigger',
      description: 'Starts the run test of a trigger when a schedule says so',
      timeoutSeconds: TIMEOUT_SECONDS,
      reservedConcurrency: props.reservedConcurrency.trigger,
      isTraced: true,
    });
    this.command = this.addFunction('CommandFunction', context.bundles.trigger, {
      name: 'command',
      description: 'Takes commands of people: fire, dry run, poll, retry, pause, resume',
      timeoutSeconds: TIMEOUT_SECONDS,
      reservedConcurrency: props.reservedConcurrency.command,
      isTraced: true,
      environment: coreEnvironment(context),
    });
    new EventInvokeConfig(this, 'AsynchronousEvents', {
      function: this.function,
      retryAttempts: RETRIES,
      maxEventAge: MAX_EVENT_AGE,
      onFailure: { bind: () => ({ destination: props.deadLetters.queueArn }) },
    });
    // A firing that a person sends again in doubt is looked for before.
    context.ledger.grantFind(this.role, ['by-run-test']);
    props.deadLetters.grantDeadLetters(this.role);
  }
}
