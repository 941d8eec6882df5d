import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { EventBus } from './event-bus.ts';
import { FiringFunction, type FunctionContext } from './firing-function.ts';

/** Time for a POST (45 s) that begins at the end of the minute, and well below the lease of a firing that is sent. */
const TIMEOUT_SECONDS = 110;
/** A sweep that fails or has to wait is pointless after a minute: the next one does all of its work. */
const RETRIES = 0;
const MAX_EVENT_AGE = Duration.seconds(60);

/** Advances every firing that is not final. For the reason above, its failed events go to no dead-letter queue. */
export class SweepFunction extends FiringFunction {
  constructor(
    scope: Construct,
    id: string,
    context: FunctionContext,
    props: { readonly reservedConcurrency: 1 | 'unreserved'; readonly bus: EventBus },
  ) {
    super(scope, id, context, {
      name: 'sweep',
      description:
        'Once a minute: retries starts, settles unknown outcomes, follows executions, publishes events',
      timeoutSeconds: TIMEOUT_SECONDS,
      reservedConcurrency: props.reservedConcurrency,
      isTraced: false,
      environment: { EVENT_BUS: props.bus.name },
    });
    new EventInvokeConfig(this, 'AsynchronousEvents', {
      function: this.function,
      retryAttempts: RETRIES,
      maxEventAge: MAX_EVENT_AGE,
    });
    context.ledger.grantFind(this.role, ['open', 'by-run-test', 'by-trigger']);
    props.bus.grantPublish(this.role);
  }
}
