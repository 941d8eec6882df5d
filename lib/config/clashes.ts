import type { Schedule } from './schedule-schema.ts';

/** One of two entries that cannot stand side by side. */
export interface Clash {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Schedules of one trigger that would start two executions at the same moments. */
export function scheduleClashes(schedules: readonly Schedule[]): Clash[] {
  const moments = schedules.map((schedule) =>
    [schedule.expression, schedule.timezone, schedule.start, schedule.end].join(),
  );
  return repeated(moments).map(({ index, first }) => ({
    path: ['schedules', index],
    message: `fires at the same times as schedules[${first}] and would start a second execution; remove one of the two`,
  }));
}

interface Named {
  readonly api?: { readonly secret?: string };
  readonly triggers?: Readonly<Record<string, { readonly webhook?: { readonly secret?: string } }>>;
}

/** Webhooks that share a secret: a delivery signed for one would be valid for the other. */
export function secretClashes({ api, triggers }: Named): Clash[] {
  const webhooks = Object.entries(triggers ?? {}).map(([name, trigger]) => ({
    path: ['triggers', name, 'webhook', 'secret'],
    secret: trigger?.webhook?.secret,
  }));
  const slots = [{ path: ['api', 'secret'], secret: api?.secret }, ...webhooks].filter(
    ({ secret }) => typeof secret === 'string',
  );
  return repeated(slots.map(({ secret }) => String(secret))).map(({ index, first }) => ({
    path: slots[index]?.path ?? [],
    message: `is the secret of ${slots[first]?.path.slice(0, -1).join('.')} too; each needs its own`,
  }));
}

/** Trigger names that differ only in their dashes, which names of CloudFormation resources cannot have. */
export function nameClashes({ triggers }: Named): Clash[] {
  const names = Object.keys(triggers ?? {});
  return repeated(names.map((name) => name.replaceAll('-', ''))).map(({ index, first }) => ({
    path: ['triggers', String(names[index])],
    message: `differs from "${names[first]}" only in dashes, which CloudFormation drops; choose another name`,
  }));
}

function repeated(values: readonly string[]): { index: number; first: number }[] {
  return values
    .map((value, index) => ({ index, first: values.indexOf(value) }))
    .filter(({ index, first }) => first < index);
}
