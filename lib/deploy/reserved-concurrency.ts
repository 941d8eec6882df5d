import { resourcesOf } from './template-diff.ts';

/** Lambda keeps so much of an account for functions that reserve nothing (Lambda quotas). */
const LEAST_UNRESERVED = 100;

/** Invocations at the same time, of one account in one region. */
export interface Concurrency {
  readonly limit: number;
  /** What no function has reserved. */
  readonly unreserved: number;
}

/** How much concurrency the functions of a template reserve; 0 without a template. */
export function reservedIn(template: unknown): number {
  const functions = resourcesOf(template)
    .values()
    .filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return functions.reduce(
    (sum, { Properties }) => sum + Number(Properties.ReservedConcurrentExecutions ?? 0),
    0,
  );
}

/** Why Lambda would refuse what a template reserves, and what helps; undefined where it would not. */
export function concurrencyFault(
  { limit, unreserved }: Concurrency,
  deployed: unknown,
  next: unknown,
): string | undefined {
  const wanted = reservedIn(next);
  const free = unreserved + reservedIn(deployed) - LEAST_UNRESERVED;
  if (wanted === 0 || wanted <= free) return undefined;
  const needed = limit + wanted - free;
  return `reservedConcurrency reserves ${wanted} with the sweep's, but of this account's ${limit} only ${Math.max(free, 0)} can be reserved: remove reservedConcurrency from the triggers file, or have the limit raised to ${needed} (Service Quotas, Concurrent executions)`;
}
