import { type Found, triggersIn, valueAt } from './leaf.ts';

/** What a filter policy of SNS may name, but one, which is of test messages ("Filter policy constraints"). */
const MOST_TRIGGERS = 149;
/** As many filter policies as a topic takes. */
const MOST_ADDRESSES = 200;

/** Addresses of triggers that get every message already, and more than SNS can choose for. */
export function addressClashes(file: object): Found[] {
  const all = new Set(addressesIn(file));
  const own = triggersIn(file).flatMap(([trigger, entry]) =>
    addressesIn(entry).map((address, index) => ({ address, trigger, index })),
  );
  const groups = [...Map.groupBy(own, ({ address }) => address).values()];
  const twice = own.filter(({ address }) => all.has(address));
  const busy = groups.flatMap((places) => places.slice(MOST_TRIGGERS, MOST_TRIGGERS + 1));
  const many = groups
    .slice(MOST_ADDRESSES, MOST_ADDRESSES + 1)
    .flatMap((places) => places.slice(0, 1));
  return [
    ...found(twice, 'is in notify.email too and gets every message; remove one of the two'),
    ...found(busy, `is at more than ${MOST_TRIGGERS} triggers; write it into notify.email`),
    ...found(
      many,
      `is one more than the ${MOST_ADDRESSES} addresses of triggers that SNS can choose for; write a mailing list`,
    ),
  ];
}

function addressesIn(holder: unknown): string[] {
  const email = valueAt(holder, 'notify', 'email');
  return Array.isArray(email) ? email.filter((text) => typeof text === 'string') : [];
}

function found(
  places: readonly { readonly trigger: string; readonly index: number }[],
  message: string,
): Found[] {
  return places.map(({ trigger, index }) => {
    return { path: ['triggers', trigger, 'notify', 'email', index], message };
  });
}
