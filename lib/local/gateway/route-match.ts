import type { LocalRoute } from '../assembly/assembly.ts';

/** A route that a request matches, with its path parameters URL-decoded. */
export interface RouteMatch {
  readonly route: LocalRoute;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The route API Gateway would choose: a full match before one with parameters before a greedy one, and a method
 * before ANY.
 */
export function matchRoute(
  routes: readonly LocalRoute[],
  method: string,
  path: string,
): RouteMatch | undefined {
  const matches = routes
    .filter((route) => route.method === method || route.method === 'ANY')
    .flatMap((route) => {
      const parameters = matchPath(route.path, path);
      return parameters ? [{ route, parameters }] : [];
    });
  return matches.sort((a, b) => rank(a.route) - rank(b.route))[0];
}

function rank({ method, path }: LocalRoute): number {
  const kind = path.includes('+}') ? 2 : path.includes('{') ? 1 : 0;
  return kind * 2 + (method === 'ANY' ? 1 : 0);
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  const wanted = pattern.split('/');
  const given = path.split('/');
  for (const [index, segment] of wanted.entries()) {
    const [, name, greedy] = /^\{(\w+)(\+?)\}$/.exec(segment) ?? [];
    const value = greedy ? given.slice(index).join('/') : given[index];
    if (name === undefined ? value !== segment : !value) return undefined;
    if (name !== undefined && value) parameters[name] = decode(value);
    if (greedy) return parameters;
  }
  return wanted.length === given.length ? parameters : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A percent sign that encodes nothing: the segment is taken as it is.
    return segment;
  }
}
