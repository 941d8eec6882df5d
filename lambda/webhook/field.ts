import { type Json, parseJson } from '../api/json.ts';
import { isForm } from './payload.ts';
import type { SignedRequest } from './verification.ts';

/**
 * The text or number at a path (`data.id`) of the body, JSON or a form; undefined where there is none. A number is
 * given with the digits that were sent: as numbers, two neighbouring ids of 64 bits would be equal.
 */
export function fieldOf(request: SignedRequest, path: string): string | undefined {
  const text = request.body.toString();
  const content = isForm(request)
    ? Object.fromEntries(new URLSearchParams(text))
    : parseJson(text, asWritten);
  const value = valueAt(content, path);
  return typeof value === 'string' ? value : undefined;
}

/** What stands at a path of names and of places in lists (`pull_requests.0.number`); undefined where nothing does. */
export function valueAt(content: Json | undefined, path: string): Json | undefined {
  let value = content;
  for (const name of path.split('.')) value = memberOf(value, name);
  return value;
}

/** An own member: names come from outside. */
export function memberOf<T>(holder: T, name: string) {
  const isHolder = typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name);
  return isHolder ? Object.entries(holder).find(([key]) => key === name)?.[1] : undefined;
}

function asWritten(_key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  return typeof value === 'number' ? source : value;
}
