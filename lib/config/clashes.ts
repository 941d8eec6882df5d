import type { NamedSchedule } from '../../lambda/schedule/schedule.ts';
import { addressClashes } from './address-clashes.ts';
import { eventClashes } from './event-clashes.ts';
import { type Found, triggersIn, valueAt } from './leaf.ts';

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

/** What one part of the file makes wrong in another. */
export function fileClashes(file: object): Found[] {
  return [
    ...unknownChannels(file),
    ...addressClashes(file),
    ...secretClashes(file),
    ...nameClashes(file),
    ...renamingClashes(file),
    ...forgottenDeliveries(file),
    ...eventClashes(file),
  ];
}

/** Triggers whose messages would go to a channel that does not exist. */
function unknownChannels(file: object): Found[] {
  const known = Object.keys(Object(valueAt(file, 'notify', 'channels')));
  const others = known.length > 0 ? `; there is ${known.join(', ')}` : ', which is empty';
  return triggersIn(file).flatMap(([name, trigger]) => {
    const channels = valueAt(trigger, 'notify', 'channels');
    return (Array.isArray(channels) ? channels : []).flatMap((channel: unknown, index) => {
      if (typeof channel !== 'string' || known.includes(channel)) return [];
      const path = ['triggers', name, 'notify', 'channels', index];
      return [{ path, message: `"${channel}" is not in notify.channels${others}` }];
    });
  });
}

/** Uses that share a secret: a delivery signed for one webhook would be valid for the other. */
function secretClashes(file: object): Found[] {
  const places = [
    ['api', 'secret'],
    ['monitoring', 'heartbeat'],
    ...triggersIn(file).map(([name]) => ['triggers', name, 'webhook', 'secret']),
  ].filter((path) => typeof valueAt(file, ...path) === 'string');
  const secrets = places.map((path) => String(valueAt(file, ...path)));
  return repeated(secrets).map(({ index, first }) => ({
    path: places[index] ?? [],
    message: `is also the secret of ${places[first]?.slice(0, -1).join('.')}; each needs its own`,
  }));
}

/** Trigger names that differ only in their dashes, which names of CloudFormation resources cannot have. */
function nameClashes(file: object): Found[] {
  const names = triggersIn(file).map(([name]) => name);
  return repeated(names.map((name) => name.replaceAll('-', ''))).map(({ index, first }) => ({
    path: ['triggers', String(names[index])],
    message: `differs from "${names[first]}" only in dashes, which CloudFormation drops; choose another name`,
  }));
}

/** Two triggers cannot go on with one pause and budget, and a trigger that is still there has not been renamed. */
function renamingClashes(file: object): Found[] {
  const triggers = triggersIn(file);
  const renamed = triggers.flatMap(([name, trigger]) => {
    const from = valueAt(trigger, 'renamedFrom');
    return typeof from === 'string'
      ? [{ path: ['triggers', name, 'renamedFrom'], name, from }]
      : [];
  });
  const kept = renamed
    .filter(({ from }) => triggers.some(([name]) => name === from))
    .map(({ path, from }) => ({
      path,
      message: `"${from}" is still a trigger of this file; remove that one or this key`,
    }));
  const twice = repeated(renamed.map(({ from }) => from)).map(({ index, first }) => ({
    path: renamed[index]?.path ?? [],
    message: `is also that of "${renamed[first]?.name}"; only one trigger can go on with the pause and budget of "${renamed[index]?.from}"`,
  }));
  return [...kept, ...twice];
}

/** GitHub redelivers for 3 days, and a person may be slower than that. */
const LEAST_RETENTION_DAYS = 7;

function forgottenDeliveries(file: object): Found[] {
  const days = valueAt(file, 'ledger', 'retentionDays');
  const hasWebhook = triggersIn(file).some(([, trigger]) => valueAt(trigger, 'webhook'));
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
