import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { FiringFunction, type FunctionContext } from './firing-function.ts';

/** A POST gets 45 s (lambda/runtime/limits.ts); key, list of known executions and ledger come before and after it. */
const TIMEOUT_SECONDS = 60;
/**
 * Lambda repeats an event whose firing could not be recorded. It cannot cause a second start: the firing's id is
 * made from the event, and its ledger item is created once. After 15 minutes the default start deadline is over.
 */
const RETRIES = 2;
const MAX_EVENT_AGE = Duration.minutes(15);

/** Turns the event of a schedule, or of a person, into a firing. */
export class TriggerFunction extends FiringFunction {
  constructor(
    scope: Construct,
    id: string,
    context: FunctionContext,
    props: {
      readonly reservedConcurrency: number | 'unreserved';
      readonly deadLetters: DeadLetterQueue;
    },
  ) {
    super(scope, id, context, {
      name: 'trigger',
      description: 'Starts the run test of a trigger when a schedule or a person says so',
      timeoutSeconds: TIMEOUT_SECONDS,
      reservedConcurrency: props.reservedConcurrency,
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
