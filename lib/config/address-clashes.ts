import type { Found } from './leaf.ts';

/** What a filter policy of SNS may name, but one, which is of test messages ("Filter policy constraints"). */
const MOST_TRIGGERS = 149;
/** As many filter policies as a topic takes. */
const MOST_ADDRESSES = 200;

type Notify = { readonly email?: unknown };

/** A file in which anything may be wrong. */
interface Unchecked {
  readonly notify?: Notify;
  readonly triggers?: Readonly<Record<string, { readonly notify?: Notify }>>;
}

/** Addresses of triggers that get every message already, and more than SNS can choose for. */
export function addressClashes({ notify, triggers = {} }: Unchecked): Found[] {
  const all = new Set(textsIn(notify));
  const own = Object.entries(triggers).flatMap(([trigger, entry]) =>
    textsIn(entry?.notify).map((address, index) => ({ address, trigger, index })),
  );
  const twice = own
    .filter(({ address }) => all.has(address))
    .map((place) =>
      found(place, 'is in notify.email too and gets every message; remove one of the two'),
    );
  const groups = [...Map.groupBy(own, ({ address }) => address).values()];
  const busy = groups.flatMap((places) =>
    places
      .slice(MOST_TRIGGERS, MOST_TRIGGERS + 1)
      .map((place) =>
        found(place, `is at more than ${MOST_TRIGGERS} triggers; write it into notify.email`),
      ),
  );
  const many = groups
    .slice(MOST_ADDRESSES, MOST_ADDRESSES + 1)
    .flatMap((places) => places.slice(0, 1))
    .map((place) =>
      found(
        place,
        `is one more than the ${MOST_ADDRESSES} addresses of triggers that SNS can choose for; write a mailing list`,
      ),
    );
  return [...twice, ...busy, ...many];
}

function textsIn(notify: Notify | undefined): string[] {
  const { email } = Object(notify);
  return Array.isArray(email) ? email.filter((text) => typeof text === 'string') : [];
}

function found(
  { trigger, index }: { readonly trigger: string; readonly index: number },
  message: string,
): Found {
  return { path: ['triggers', trigger, 'notify', 'email', index], message };
}
