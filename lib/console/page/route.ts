import { signal } from '@preact/signals';

const LISTS = ['log', 'file', 'messages', 'firings'] as const;

/** Where the person is, as the part of the address behind the # says. */
export type Route =
  | { readonly view: 'overview' | (typeof LISTS)[number]; readonly query: URLSearchParams }
  | { readonly view: 'firing'; readonly id: string };

/** Follows the address: to go elsewhere, set `location.hash`. */
export const route = signal<Route>(routeOf(location.hash));

addEventListener('hashchange', () => {
  route.value = routeOf(location.hash);
});

function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  if (path.startsWith('firings/')) {
    return { view: 'firing', id: decodeURIComponent(path.slice('firings/'.length)) };
  }
  const view = LISTS.find((name) => name === path) ?? 'overview';
  return { view, query: new URLSearchParams(query) };
}

/** What a list shows; what is empty is left out of its address. */
type Filter = Readonly<Record<string, string>>;

/** Addresses of the lists with a filter. */
export const firingsLink = (filter: Filter) => `#/firings${queryOf(filter)}`;
/** `minutes` is how far back it reads. */
export const logLink = (filter: Filter) => `#/log${queryOf(filter)}`;
/** `name` is a part of the names, `page` begins with 0. */
export const overviewLink = (filter: Filter) => `#/${queryOf(filter)}`;

function queryOf(filter: Filter): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  return query.size > 0 ? `?${query}` : '';
}

/** Takes an id, a short one as well. */
export function firingLink(id: string): string {
  return `#/firings/${encodeURIComponent(id)}`;
}
