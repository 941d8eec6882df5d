import { occurrences } from '../../lambda/schedule/occurrences.ts';
import type { TriggersFile } from '../config/schema.ts';
import { addressesOfTriggers } from '../stack/notification-topic.ts';
import { takeWhile } from '../take-while.ts';
import { monthlyCost, sum } from './monthly-cost.ts';
import { countStack } from './stack-counts.ts';
import { templateDiff } from './template-diff.ts';

/** What a plan takes from the account; without it, the plan is what the file alone tells. */
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
) {
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
      /** Who is told of some triggers only: their names by address. */
      ofTriggers: Object.fromEntries(addressesOfTriggers(file.triggers)),
      channels: Object.entries(file.notify.channels ?? {}).map(
        ([name, { kind, on = file.notify.on }]) => ({ name, kind, on }),
      ),
    },
    changes: changesFrom(facts, next),
    /** Secrets that it reads, as `rtt secret set` names them. */
    secrets,
    /** Those without a value; `unknown` where no account was asked. */
    missingSecrets: facts?.missingSecrets ?? ('unknown' as const),
    /** Dollars a month: while nothing fires, and with the schedules' firings. */
    cost: { idle: sum(monthlyCost(counts, 0)), scheduled: sum(monthlyCost(counts, firings)) },
  };
}

/** What a deployment of a file would mean; a person agrees to it. */
export type Plan = ReturnType<typeof planOf>;

/** Lines of `templateDiff`; `new` before the first deployment, `unknown` where no account was asked. */
function changesFrom(
  facts: AccountFacts | undefined,
  next: unknown,
): readonly string[] | 'new' | 'unknown' {
  if (!facts) return 'unknown';
  return facts.deployed === undefined ? 'new' : templateDiff(facts.deployed, next);
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
    `${count} schedules fire in the same minute, which takes ${minutes} minutes at api.maxStartsPerSecond ${maxStartsPerSecond}, and the startDeadline of ${deadline.trigger} is ${deadline.minutes} minutes: what comes later expires. Spread them with defaults.flexibleWindow, or write a longer startDeadline`,
  ];
}

const DAYS = 30;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

interface FullestMinute {
  readonly count: number;
  /** The shortest start deadline of their triggers, and whose it is. */
  readonly deadline: { readonly minutes: number; readonly trigger: string };
}

/** How often the schedules of a file fire in the 30 days after `now`, and the fullest minute of them, if anything fires. */
function scheduleLoads({ triggers }: Pick<TriggersFile, 'triggers'>, now: Date) {
  const minutes = new Map<number, FullestMinute>();
  const until = now.getTime() + DAYS * DAY_MS;
  const loads = Object.entries(triggers).flatMap(([trigger, { schedules, startDeadlineMinutes }]) =>
    schedules.map((schedule) => {
      const times = occurrences(schedule, now, now).map((time) => time.getTime());
      const soon = takeWhile(times, (time) => time < until);
      for (const time of soon) {
        const minute = Math.floor(time / MINUTE_MS);
        const own = { minutes: startDeadlineMinutes, trigger };
        const { count = 0, deadline = own } = minutes.get(minute) ?? {};
        const shorter = deadline.minutes <= own.minutes ? deadline : own;
        minutes.set(minute, { count: count + 1, deadline: shorter });
      }
      const [next] = soon;
      return {
        trigger,
        schedule: schedule.name,
        expression: schedule.expression,
        timezone: schedule.timezone,
        /** Undefined: it does not fire in that time. */
        next: next === undefined ? undefined : new Date(next),
        /** In the fullest 24 hours. */
        mostPerDay: mostWithinADay(soon),
        perMonth: soon.length,
      };
    }),
  );
  const [fullest] = [...minutes.values()].toSorted((a, b) => b.count - a.count);
  return { loads, fullest };
}

/** Of ascending times. */
function mostWithinADay(times: readonly number[]): number {
  let most = 0;
  let first = 0;
  times.forEach((time, index) => {
    while ((times[first] ?? time) <= time - DAY_MS) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
