import type { LocalRoute } from '../assembly/assembly.ts';

/** A route that a request matches. */
export interface RouteMatch {
  readonly route: LocalRoute;
  /** Of the path, URL-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The route that a request matches; undefined where there is none. */
export function matchRoute(
  routes: readonly LocalRoute[],
  method: string,
  path: string,
): RouteMatch | undefined {
  const [match] = routes
    .filter((route) => route.method === method)
    .flatMap((route) => {
      const parameters = matchPath(route.path, path);
      return parameters ? [{ route, parameters }] : [];
    });
  return match;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const form = pattern.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
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
