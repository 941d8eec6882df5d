import type { Construct } from 'constructs';
import { BundledFunction, type BundledFunctionProps } from './bundled-function.ts';
import type { Bundles } from './function-bundle.ts';
import type { LedgerTable } from './ledger-table.ts';

export interface FunctionContext {
  readonly ledger: LedgerTable;
  readonly apiBaseUrl: string;
  readonly bundles: Bundles;
}

/** A function that records firings, or advances them: it knows the ledger and the API. */
export class FiringFunction extends BundledFunction {
  constructor(
    scope: Construct,
    id: string,
    { ledger, apiBaseUrl, bundles }: FunctionContext,
    props: BundledFunctionProps,
  ) {
    super(scope, id, bundles, {
      ...props,
      environment: { ...coreEnvironment({ ledger, apiBaseUrl }), ...props.environment },
    });
    ledger.grantRecord(this.role);
    ledger.grantAdmit(this.role);
  }
}

/** What the code of such a function needs to know. */
export function coreEnvironment({
  ledger,
  apiBaseUrl,
}: Pick<FunctionContext, 'ledger' | 'apiBaseUrl'>) {
  return { LEDGER_TABLE: ledger.name, API_BASE_URL: apiBaseUrl };
}
