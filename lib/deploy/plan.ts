import type { TriggersFile } from '../config/schema.ts';
import { addressesOfTriggers } from '../stack/notification-topic.ts';
import { monthlyCost, sum } from './monthly-cost.ts';
import { type FullestMinute, type ScheduleLoad, scheduleLoads } from './schedule-load.ts';
import { countStack } from './stack-counts.ts';
import { templateDiff } from './template-diff.ts';

/** What a deployment of a file would mean; a person agrees to it. */
export interface Plan {
  readonly stack: string;
  readonly schedules: readonly ScheduleLoad[];
  /** What is doubtful about them. */
  readonly doubts: readonly string[];
  readonly webhooks: readonly { readonly trigger: string; readonly verify: string }[];
  readonly told: {
    readonly email: readonly string[];
    readonly on: readonly string[];
    /** Who is told of some triggers only: their names by address. */
    readonly ofTriggers: Readonly<Record<string, readonly string[]>>;
    readonly channels: readonly {
      readonly name: string;
      readonly kind: string;
      readonly on: readonly string[];
    }[];
  };
  /** Lines of `templateDiff`; `new` before the first deployment, `unknown` where no account was asked. */
  readonly changes: readonly string[] | 'new' | 'unknown';
  /** Secrets that it reads, as `rtt secret set` names them. */
  readonly secrets: readonly string[];
  /** Those without a value; `unknown` where no account was asked. */
  readonly missingSecrets: readonly string[] | 'unknown';
  /** Dollars a month: while nothing fires, and with the schedules' firings. */
  readonly cost: { readonly idle: number; readonly scheduled: number };
}

/** What the account tells. */
export interface AccountFacts {
  /** The template that is deployed; undefined before the first deployment. */
  readonly deployed: unknown;
  readonly missingSecrets: readonly string[];
}

/** Makes the plan. Without `facts` it is what the file alone tells. */
export function planOf(
  stack: string,
  file: TriggersFile,
  next: unknown,
  secrets: readonly string[],
  facts: AccountFacts | undefined,
  now: Date,
): Plan {
  const { loads, fullest } = scheduleLoads(file, now);
  const counts = countStack(next, file);
  const firings = loads.reduce((total, { perMonth }) => total + perMonth, 0);
  return {
    stack,
    schedules: loads,
    doubts: doubtsOf(fullest, file),
    webhooks: Object.entries(file.triggers).flatMap(([trigger, { webhook }]) =>
      webhook ? [{ trigger, verify: webhook.verify }] : [],
    ),
    told: {
      email: file.notify.email,
      on: file.notify.on,
      ofTriggers: Object.fromEntries(addressesOfTriggers(file.triggers)),
      channels: Object.entries(file.notify.channels ?? {}).map(
        ([name, { kind, on = file.notify.on }]) => ({ name, kind, on }),
      ),
    },
    changes: facts ? changesFrom(facts.deployed, next) : 'unknown',
    secrets,
    missingSecrets: facts?.missingSecrets ?? 'unknown',
    cost: { idle: sum(monthlyCost(counts, 0)), scheduled: sum(monthlyCost(counts, firings)) },
  };
}

function changesFrom(deployed: unknown, next: unknown): Plan['changes'] {
  return deployed === undefined ? 'new' : templateDiff(deployed, next);
}

/** What the places and the API's rate make of the fullest minute. */
function doubtsOf(
  fullest: FullestMinute | undefined,
  { reservedConcurrency: { trigger: reserved }, api: { maxStartsPerSecond } }: TriggersFile,
): string[] {
  if (!fullest) return [];
  const { count, deadline } = fullest;
  const places =
    reserved === 'unreserved' || count <= reserved
      ? []
      : [
          `${count} schedules fire in the same minute, and reservedConcurrency.trigger is ${reserved}: the others start some seconds later. Write ${count}, or spread them with flexibleWindow`,
        ];
  if (maxStartsPerSecond === undefined) return places;
  const minutes = Math.ceil(count / maxStartsPerSecond / 60);
  if (minutes <= deadline.minutes) return places;
  return [
    ...places,
    `${count} schedules fire in the same minute, which takes ${minutes} minutes at api.maxStartsPerSecond ${maxStartsPerSecond}, and the startDeadline of ${deadline.trigger} is ${deadline.minutes} minutes: what is later expires. Spread them with defaults.flexibleWindow, or write a longer startDeadline`,
  ];
}
