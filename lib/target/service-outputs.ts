import type { Output } from '@aws-sdk/client-cloudformation';
import { InputError } from '../input-error.ts';

/** What the service in a stack tells of itself, by the names in lib/stack/outputs.ts. */
export type ServiceOutputs = Readonly<Record<string, string>>;

/**
 * In a stack of a CDK app, the names have the construct's id in front and a hash behind (`RunTestsLedgerTable1A2B3C4D`). Throws
 * InputError where the stack has several services.
 */
export function serviceOutputs(stack: string, outputs: readonly Output[]): ServiceOutputs {
  const [before = '', ...others] = outputs.flatMap(
    ({ OutputKey = '' }) => /^(.*)CommandFunction(?:[0-9A-F]{8})?$/.exec(OutputKey)?.[1] ?? [],
  );
  if (others.length > 0) {
    throw new InputError(
      `The stack ${stack} has several services (${[before, ...others].join(', ')}): put each into a stack of its own, or a nested one, and name that`,
    );
  }
  const named = outputs.flatMap(({ OutputKey: key = '', OutputValue: value }) => {
    if (!value || !key.startsWith(before)) return [];
    const own = before === '' ? key : key.slice(before.length).replace(/[0-9A-F]{8}$/, '');
    return [[own, value] as const];
  });
  return Object.fromEntries(named);
}
