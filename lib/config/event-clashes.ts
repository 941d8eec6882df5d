import { didYouMean } from '../../lambda/api/did-you-mean.ts';
import type { Found } from './leaf.ts';

/** Triggers of a file in which anything may be wrong. */
type Triggers = Readonly<Record<string, unknown>>;

/** Triggers that fire after one that there is not, after one that is not followed, or after themselves. */
export function eventClashes(triggers: Triggers = {}): Found[] {
  return edgesOf(triggers).flatMap(({ path, name, after }) => {
    const found = (message: string) => [{ path, message }];
    const names = Object.keys(triggers);
    if (!names.includes(after))
      return found(`"${after}" is not a trigger of this file${didYouMean(after, names)}`);
    if (Object(triggers[after]).follow === false)
      return found(`${after} has follow: false, so its end is never known; follow it`);
    const circle = circleThrough(name, after, triggers);
    return circle === undefined
      ? []
      : found(`goes round in a circle, which would never end: ${circle.join(' after ')}`);
  });
}

interface Edge {
  readonly path: readonly PropertyKey[];
  readonly name: string;
  readonly after: string;
}

function edgesOf(triggers: Triggers): Edge[] {
  return Object.entries(triggers).flatMap(([name, trigger]) => {
    const { events } = Object(trigger);
    return (Array.isArray(events) ? events : []).flatMap((event: unknown, index) => {
      const { after } = Object(event);
      const path = ['triggers', name, 'events', index, 'after'];
      return typeof after === 'string' ? [{ path, name, after }] : [];
    });
  });
}

/** The names from `name` through `after` back to `name`; undefined where no way leads back. */
function circleThrough(name: string, after: string, triggers: Triggers): string[] | undefined {
  const edges = edgesOf(triggers);
  const wayBack = (from: string, seen: readonly string[]): string[] | undefined => {
    if (from === name) return [...seen, from];
    if (seen.includes(from)) return undefined;
    const next = edges.filter((edge) => edge.name === from);
    return next.map((edge) => wayBack(edge.after, [...seen, from])).find(Boolean);
  };
  return wayBack(after, [name]);
}
