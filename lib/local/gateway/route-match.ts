import type { LocalRoute } from '../assembly/assembly.ts';

/** The route that a request matches, and its path parameters, URL-decoded. */
export function matchRoute(routes: readonly LocalRoute[], method: string, path: string) {
  const [match] = routes
    .filter((route) => route.method === method)
    .flatMap((route) => {
      const parameters = matchPath(route.path, path);
      return parameters ? [{ route, parameters }] : [];
    });
  return match;
}

/** What `matchRoute` finds. */
export type RouteMatch = NonNullable<ReturnType<typeof matchRoute>>;

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
