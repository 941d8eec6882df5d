import { signal } from '@preact/signals';

/** Where the person is, as the part of the address behind the # says. */
export type Route =
  | { readonly view: 'overview'; readonly query: URLSearchParams }
  | { readonly view: 'log'; readonly query: URLSearchParams }
  | { readonly view: 'messages' }
  | { readonly view: 'file' }
  | { readonly view: 'firings'; readonly query: URLSearchParams }
  | { readonly view: 'firing'; readonly id: string };

/** Follows the address. */
export const route = signal<Route>(routeOf(location.hash));

addEventListener('hashchange', () => {
  route.value = routeOf(location.hash);
});

function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  if (path === 'log') return { view: 'log', query: new URLSearchParams(query) };
  if (path === 'file') return { view: 'file' };
  if (path === 'messages') return { view: 'messages' };
  if (path === 'firings') return { view: 'firings', query: new URLSearchParams(query) };
  if (path.startsWith('firings/')) {
    return { view: 'firing', id: decodeURIComponent(path.slice('firings/'.length)) };
  }
  return { view: 'overview', query: new URLSearchParams(query) };
}

/** The address of the list with this filter; what is empty is left out. */
export function firingsLink(filter: Readonly<Record<string, string>>): string {
  return `#/firings${queryOf(filter)}`;
}

/** The address of the log with this filter. */
export function logLink(filter: Readonly<Record<string, string>>): string {
  return `#/log${queryOf(filter)}`;
}

/** The address of the triggers of this name and page. */
export function overviewLink(filter: Readonly<Record<string, string>>): string {
  return `#/${queryOf(filter)}`;
}

function queryOf(filter: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  return query.size > 0 ? `?${query}` : '';
}

/** The address of a firing's page. */
export function firingLink(id: string): string {
  return `#/firings/${encodeURIComponent(id)}`;
}
