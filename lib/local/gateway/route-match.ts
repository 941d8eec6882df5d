import type { LocalRoute } from '../assembly/assembly.ts';

/**
 * The route API Gateway would choose: a full match before one with parameters before a greedy one, and a method
 * before ANY.
 */
export function matchRoute(routes: readonly LocalRoute[], method: string, path: string) {
  const matches = routes
    .filter((route) => route.method === method || route.method === 'ANY')
    .flatMap((route) => {
      const parameters = matchPath(route.path, path);
      return parameters ? [{ route, parameters }] : [];
    });
  return matches.sort((a, b) => rank(a.route) - rank(b.route))[0];
}

/** A route that a request matches, with its path parameters URL-decoded. */
export type RouteMatch = NonNullable<ReturnType<typeof matchRoute>>;

function rank({ method, path }: LocalRoute): number {
  const kind = path.includes('+}') ? 2 : path.includes('{') ? 1 : 0;
  return kind * 2 + (method === 'ANY' ? 1 : 0);
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const form = pattern.replaceAll(
    /\{(\w+)(\+?)\}/g,
    (_, name, greedy) => `(?<${name}>${greedy ? '.' : '[^/]'}+)`,
  );
  const found = new RegExp(`^${form}$`).exec(path);
  if (!found) return undefined;
  const parameters = Object.entries(found.groups ?? {});
  return Object.fromEntries(parameters.map(([name, value]) => [name, decode(value)]));
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A percent sign that encodes nothing: the segment is taken as it is.
    return segment;
  }
}
