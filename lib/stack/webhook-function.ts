import type { Construct } from 'constructs';
import { DELIVERY_MS, DELIVERY_RESERVE_MS } from '../../lambda/runtime/limits.ts';
import { FiringFunction, type FunctionContext } from './firing-function.ts';

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
      timeoutSeconds: (DELIVERY_MS + DELIVERY_RESERVE_MS) / 1000,
      reservedConcurrency: props.reservedConcurrency,
    });
  }
}
