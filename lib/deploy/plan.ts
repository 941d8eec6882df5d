import type { TriggersFile } from '../config/schema.ts';
import { monthlyCost, sum } from './monthly-cost.ts';
import { type ScheduleLoad, scheduleLoads } from './schedule-load.ts';
import { countStack } from './stack-counts.ts';
import { templateDiff } from './template-diff.ts';

/** What a deployment of a file would mean; a person agrees to it. */
export interface Plan {
  readonly stack: string;
  readonly schedules: readonly ScheduleLoad[];
  /** What is doubtful about them. */
  readonly doubts: readonly string[];
  readonly webhooks: readonly { readonly trigger: string; readonly verify: string }[];
  readonly told: { readonly email: readonly string[]; readonly on: readonly string[] };
  /** Lines of `templateDiff`; undefined before the first deployment, when everything is new. */
  readonly changes: readonly string[] | undefined;
  /** Secrets without a value, as `rtt secret set` names them. */
  readonly missingSecrets: readonly string[];
  /** Dollars a month: while nothing fires, and with the schedules' firings. */
  readonly cost: { readonly idle: number; readonly scheduled: number };
}

/** Makes the plan. `deployed` is undefined before the first deployment. */
export function planOf(
  stack: string,
  file: TriggersFile,
  templates: { readonly deployed: unknown; readonly next: unknown },
  missingSecrets: readonly string[],
  now: Date,
): Plan {
  const { deployed, next } = templates;
  const { loads, mostAtOnce } = scheduleLoads(file, now);
  const counts = countStack(next, file);
  const firings = loads.reduce((total, { perMonth }) => total + perMonth, 0);
  return {
    stack,
    schedules: loads,
    doubts: tooManyAtOnce(mostAtOnce, file.reservedConcurrency.trigger),
    webhooks: Object.entries(file.triggers).flatMap(([trigger, { webhook }]) =>
      webhook ? [{ trigger, verify: webhook.verify }] : [],
    ),
    told: file.notify,
    changes: deployed === undefined ? undefined : templateDiff(deployed, next),
    missingSecrets,
    cost: { idle: sum(monthlyCost(counts, 0)), scheduled: sum(monthlyCost(counts, firings)) },
  };
}

function tooManyAtOnce(most: number, reserved: number | 'unreserved'): string[] {
  if (reserved === 'unreserved' || most <= reserved) return [];
  return [
    `${most} schedules fire in the same minute, and reservedConcurrency.trigger is ${reserved}: the others start some seconds later. Write ${most}, or spread them with flexibleWindow`,
  ];
}
