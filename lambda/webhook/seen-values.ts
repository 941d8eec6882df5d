import type { FilterInput } from './filter.ts';

/** Paths of names; what brackets, pipes and functions make of them is not followed. */
const PATHS = /(?<![\w."'])(headers|body|query)((?:\.(?:\w+|"[^"]+"))*)/g;
/** No log has a token. */
const HIDDEN = /authorization|cookie|secret|signature|token/i;
const MOST_VALUES = 10;
const MOST_CHARACTERS = 100;

/** What a delivery has where a filter looks, for the log: at most ten values, each cut after 100 characters. */
export function seenValues(expression: string, input: FilterInput): Record<string, string> {
  const paths = [...expression.matchAll(PATHS)].slice(0, MOST_VALUES);
  return Object.fromEntries(
    paths.map(([path, root = '', names = '']) => {
      if (HIDDEN.test(path)) return [path, '(hidden)'];
      const steps = [...names.matchAll(/\.(?:(\w+)|"([^"]+)")/g)];
      const value = steps.reduce<unknown>(
        (holder, [, plain, quoted = '']) => memberOf(holder, plain ?? quoted),
        memberOf(input, root),
      );
      return [path, (JSON.stringify(value) ?? 'null').slice(0, MOST_CHARACTERS)];
    }),
  );
}

function memberOf(holder: unknown, name: string): unknown {
  const isHolder = typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name);
  return isHolder ? Object.entries(holder).find(([key]) => key === name)?.[1] : undefined;
}
