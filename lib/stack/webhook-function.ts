import type { Construct } from 'constructs';
import { ANSWER_MS, ANSWER_RESERVE_MS } from '../../lambda/runtime/limits.ts';
import { allow } from './allow.ts';
import { BundledFunction } from './bundled-function.ts';
import type { FunctionContext } from './firing-function.ts';
import type { StarterFunction } from './starter-function.ts';

/**
 * Verifies deliveries, records their firings and hands them over. It faces the internet, so it reads webhook secrets
 * and no API key. API Gateway waits for its answer, so Lambda repeats nothing.
 */
export class WebhookFunction extends BundledFunction {
  constructor(
    scope: Construct,
    id: string,
    { ledger, bundles }: Pick<FunctionContext, 'ledger' | 'bundles'>,
    props: {
      readonly reservedConcurrency: number | 'unreserved';
      readonly starter: StarterFunction;
    },
  ) {
    const { functionName, functionArn } = props.starter.function;
    super(scope, id, bundles, {
      name: 'webhook',
      description: 'Verifies and records signed deliveries, and hands their firings over',
      timeoutSeconds: (ANSWER_MS + ANSWER_RESERVE_MS) / 1000,
      reservedConcurrency: props.reservedConcurrency,
      isTraced: true,
      environment: { LEDGER_TABLE: ledger.name, STARTER_FUNCTION: functionName },
    });
    ledger.grantRecord(this.role);
    allow(this.role, ['lambda:InvokeFunction'], functionArn);
  }
}
