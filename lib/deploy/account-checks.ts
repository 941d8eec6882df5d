import type { Account } from './account.ts';
import { concurrencyFault, reservedIn } from './reserved-concurrency.ts';

/** A finding for people, in text and in `--json`. */
export interface AccountCheck {
  readonly what: string;
  /** What was found and, where something is wrong, what to do. */
  readonly found: string;
  readonly ok: boolean;
}

/** `next` is the template that is to be deployed. Asks AWS nothing. Pure. */
export function accountChecks(account: Account, next: unknown): AccountCheck[] {
  const { account: id, region, caller, isBootstrapped, concurrency, deployed } = account;
  const fault = concurrency && concurrencyFault(concurrency, deployed, next);
  const reserved = reservedIn(next);
  const enough = concurrency
    ? `${reserved} of ${concurrency.limit} are reserved`
    : `${reserved} are reserved; your permissions do not show how many can be (lambda:GetAccountSettings)`;
  return [
    { what: 'credentials', found: `${caller} in account ${id}`, ok: true },
    { what: 'region', found: region, ok: true },
    {
      what: 'bootstrap',
      found: isBootstrapped
        ? 'the CDK has its roles and its bucket here'
        : `the CDK has no roles here: an administrator runs npx cdk bootstrap aws://${id}/${region} once`,
      ok: isBootstrapped,
    },
    { what: 'concurrency', found: fault ?? enough, ok: fault === undefined },
  ];
}
