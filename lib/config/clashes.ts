import type { NamedSchedule } from '../../lambda/schedule/schedule.ts';
import { addressClashes } from './address-clashes.ts';
import { eventClashes } from './event-clashes.ts';
import type { Found } from './leaf.ts';

/** Schedules of one trigger that would start two executions at the same times, or have one name. */
export function scheduleClashes(schedules: readonly NamedSchedule[]): Found[] {
  const moments = schedules.map((schedule) =>
    [schedule.expression, schedule.timezone, schedule.start, schedule.end].join(),
  );
  const atOnce = repeated(moments).map(({ index, first }) => ({
    path: ['schedules', index],
    message: `fires at the same times as schedules[${first}] and would start a second execution; remove one of the two`,
  }));
  if (atOnce.length > 0) return atOnce;
  return repeated(schedules.map(({ name }) => name)).map(({ index, first }) => ({
    path: ['schedules', index],
    message: `has the name of schedules[${first}], "${schedules[index]?.name}"; give it a name of its own`,
  }));
}

/** A file in which anything may be wrong. */
interface Unchecked {
  readonly api?: { readonly secret?: unknown };
  readonly notify?: { readonly channels?: unknown; readonly email?: unknown };
  readonly ledger?: { readonly retentionDays?: unknown };
  readonly monitoring?: { readonly heartbeat?: unknown };
  readonly triggers?: Readonly<
    Record<
      string,
      {
        readonly webhook?: { readonly secret?: unknown };
        readonly notify?: { readonly channels?: unknown; readonly email?: unknown };
        readonly renamedFrom?: unknown;
      }
    >
  >;
}

/** What one part of the file makes wrong in another. */
export function fileClashes(file: Unchecked): Found[] {
  return [
    ...unknownChannels(file),
    ...addressClashes(file),
    ...secretClashes(file),
    ...nameClashes(file),
    ...renamingClashes(file),
    ...forgottenDeliveries(file),
    ...eventClashes(file.triggers),
  ];
}

/** Triggers whose messages would go to a channel that does not exist. */
function unknownChannels({ notify, triggers }: Unchecked): Found[] {
  const known = Object.keys(Object(notify?.channels));
  const others = known.length > 0 ? `; there is ${known.join(', ')}` : ', which is empty';
  return Object.entries(triggers ?? {}).flatMap(([name, trigger]) => {
    const channels = trigger?.notify?.channels;
    return (Array.isArray(channels) ? channels : []).flatMap((channel: unknown, index) =>
      typeof channel !== 'string' || known.includes(channel)
        ? []
        : [
            {
              path: ['triggers', name, 'notify', 'channels', index],
              message: `"${channel}" is not in notify.channels${others}`,
            },
          ],
    );
  });
}

/** Uses that share a secret: a delivery signed for one webhook would be valid for the other. */
function secretClashes({ api, monitoring, triggers }: Unchecked): Found[] {
  const webhooks = Object.entries(triggers ?? {}).map(([name, trigger]) => ({
    path: ['triggers', name, 'webhook', 'secret'],
    secret: trigger?.webhook?.secret,
  }));
  const secrets = [
    { path: ['api', 'secret'], secret: api?.secret },
    { path: ['monitoring', 'heartbeat'], secret: monitoring?.heartbeat },
    ...webhooks,
  ].filter(({ secret }) => typeof secret === 'string');
  return repeated(secrets.map(({ secret }) => String(secret))).map(({ index, first }) => ({
    path: secrets[index]?.path ?? [],
    message: `is also the secret of ${secrets[first]?.path.slice(0, -1).join('.')}; each needs its own`,
  }));
}

/** Trigger names that differ only in their dashes, which names of CloudFormation resources cannot have. */
function nameClashes({ triggers }: Unchecked): Found[] {
  const names = Object.keys(triggers ?? {});
  return repeated(names.map((name) => name.replaceAll('-', ''))).map(({ index, first }) => ({
    path: ['triggers', String(names[index])],
    message: `differs from "${names[first]}" only in dashes, which CloudFormation drops; choose another name`,
  }));
}

/** Two triggers cannot go on with one pause and budget, and a trigger that is still there has not been renamed. */
function renamingClashes({ triggers = {} }: Unchecked): Found[] {
  const renamed = Object.entries(triggers).flatMap(([name, trigger]) =>
    typeof trigger?.renamedFrom === 'string' ? [{ name, from: trigger.renamedFrom }] : [],
  );
  const path = (name = '') => ['triggers', name, 'renamedFrom'];
  const kept = renamed
    .filter(({ from }) => Object.hasOwn(triggers, from))
    .map(({ name, from }) => ({
      path: path(name),
      message: `"${from}" is still a trigger of this file; remove that one or this key`,
    }));
  const twice = repeated(renamed.map(({ from }) => from)).map(({ index, first }) => ({
    path: path(renamed[index]?.name),
    message: `is also that of "${renamed[first]?.name}"; only one trigger can go on with the pause and budget of "${renamed[index]?.from}"`,
  }));
  return [...kept, ...twice];
}

/** GitHub redelivers for 3 days, and a person may be slower than that. */
const LEAST_RETENTION_DAYS = 7;

function forgottenDeliveries({ ledger, triggers }: Unchecked): Found[] {
  const days = ledger?.retentionDays;
  const hasWebhook = Object.values(triggers ?? {}).some((trigger) => trigger?.webhook);
  if (typeof days !== 'number' || days >= LEAST_RETENTION_DAYS || !hasWebhook) return [];
  const message = `is too short for triggers with a webhook: a repeated delivery would start a second execution; allowed: at least ${LEAST_RETENTION_DAYS}`;
  return [{ path: ['ledger', 'retentionDays'], message }];
}

/** Each value that was there before, with the index of its first occurrence. */
export function repeated(values: readonly string[]): { index: number; first: number }[] {
  const firsts = new Map<string, number>();
  return values.flatMap((value, index) => {
    const first = firsts.get(value);
    if (first !== undefined) return [{ index, first }];
    firsts.set(value, index);
    return [];
  });
}
