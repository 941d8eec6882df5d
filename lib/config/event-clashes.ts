import { didYouMean } from '../../lambda/api/did-you-mean.ts';
import { type Found, triggersIn, valueAt } from './leaf.ts';

/** Triggers that fire after one that there is not, after one that is not followed, or after themselves. */
export function eventClashes(file: object): Found[] {
  const triggers = new Map(triggersIn(file));
  const edges = edgesOf(triggers);
  return edges.flatMap(({ path, name, after }) => {
    const found = (message: string) => [{ path, message }];
    if (!triggers.has(after))
      return found(
        `"${after}" is not a trigger of this file${didYouMean(after, [...triggers.keys()])}`,
      );
    if (valueAt(triggers.get(after), 'follow') === false)
      return found(`${after} has follow: false, so its end is never known; follow it`);
    const circle = circleThrough(name, after, edges);
    return circle === undefined
      ? []
      : found(`goes round in a circle, which would never end: ${circle.join(' after ')}`);
  });
}

type Edge = ReturnType<typeof edgesOf>[number];

function edgesOf(triggers: ReadonlyMap<string, unknown>) {
  return [...triggers].flatMap(([name, trigger]) => {
    const events = valueAt(trigger, 'events');
    return (Array.isArray(events) ? events : []).flatMap((event: unknown, index) => {
      const after = valueAt(event, 'after');
      const path = ['triggers', name, 'events', index, 'after'];
      return typeof after === 'string' ? [{ path, name, after }] : [];
    });
  });
}

/** The names from `name` through `after` back to `name`; undefined where no way leads back. */
function circleThrough(name: string, after: string, edges: readonly Edge[]): string[] | undefined {
  const wayBack = (from: string, seen: readonly string[]): string[] | undefined => {
    if (from === name) return [...seen, from];
    if (seen.includes(from)) return undefined;
    const next = edges.filter((edge) => edge.name === from);
    return next.map((edge) => wayBack(edge.after, [...seen, from])).find(Boolean);
  };
  return wayBack(after, [name]);
}
