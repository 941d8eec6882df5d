import type { Schedule } from '../../lambda/schedule/schedule.ts';
import type { Found } from './leaf.ts';

/** Schedules of one trigger that would start two executions at the same times. */
export function scheduleClashes(schedules: readonly Schedule[]): Found[] {
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
export function secretClashes({ api, triggers }: Named): Found[] {
  const webhooks = Object.entries(triggers ?? {}).map(([name, trigger]) => ({
    path: ['triggers', name, 'webhook', 'secret'],
    secret: trigger?.webhook?.secret,
  }));
  const secrets = [{ path: ['api', 'secret'], secret: api?.secret }, ...webhooks].filter(
    ({ secret }) => typeof secret === 'string',
  );
  return repeated(secrets.map(({ secret }) => String(secret))).map(({ index, first }) => ({
    path: secrets[index]?.path ?? [],
    message: `is also the secret of ${secrets[first]?.path.slice(0, -1).join('.')}; each needs its own`,
  }));
}

/** Trigger names that differ only in their dashes, which names of CloudFormation resources cannot have. */
export function nameClashes({ triggers }: Named): Found[] {
  const names = Object.keys(triggers ?? {});
  return repeated(names.map((name) => name.replaceAll('-', ''))).map(({ index, first }) => ({
    path: ['triggers', String(names[index])],
    message: `differs from "${names[first]}" only in dashes, which CloudFormation drops; choose another name`,
  }));
}

/** Each value that was there before, with the index of its first occurrence. */
export function repeated(values: readonly string[]): { index: number; first: number }[] {
  return values
    .map((value, index) => ({ index, first: values.indexOf(value) }))
    .filter(({ index, first }) => first < index);
}
