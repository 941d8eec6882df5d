import type { Construct } from 'constructs';
import { FiringFunction, type FunctionContext } from './firing-function.ts';

/** Deliveries are answered within 9 s, since senders give up after 10 s; the rest is for a cold start. */
const TIMEOUT_SECONDS = 15;

/** Turns a verified delivery into a firing. API Gateway waits for its answer, so Lambda repeats nothing. */
export class WebhookFunction extends FiringFunction {
  constructor(
    scope: Construct,
    id: string,
    context: FunctionContext,
    props: { readonly reservedConcurrency: number | 'unreserved' },
  ) {
    super(scope, id, context, {
      name: 'webhook',
      description: 'Starts the run test of a trigger when a signed delivery arrives',
      timeoutSeconds: TIMEOUT_SECONDS,
      reservedConcurrency: props.reservedConcurrency,
    });
  }
}
