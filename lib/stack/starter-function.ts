import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { FiringFunction, type FunctionContext } from './firing-function.ts';

/** A POST gets 45 s (lambda/runtime/limits.ts); key, list of known executions and ledger come before and after it. */
const TIMEOUT_SECONDS = 60;
/** The sweep goes on with a firing whose start failed, so its event is not repeated and needs no dead-letter queue. */
const RETRIES = 0;
/** How long an event waits for a free place in a flood; what is left then, the sweep starts. */
const MAX_EVENT_AGE = Duration.minutes(15);

/** Starts the firings that deliveries caused, so that the function that faces the internet holds no API key. */
export class StarterFunction extends FiringFunction {
  constructor(
    scope: Construct,
    id: string,
    context: FunctionContext,
    props: { readonly reservedConcurrency: number | 'unreserved' },
  ) {
    super(scope, id, context, {
      name: 'starter',
      description: 'Starts the run test of a trigger for a delivery that was recorded',
      timeoutSeconds: TIMEOUT_SECONDS,
      reservedConcurrency: props.reservedConcurrency,
      isTraced: true,
    });
    new EventInvokeConfig(this, 'AsynchronousEvents', {
      function: this.function,
      retryAttempts: RETRIES,
      maxEventAge: MAX_EVENT_AGE,
    });
  }
}
