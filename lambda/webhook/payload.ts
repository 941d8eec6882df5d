import { type Json, parseJson } from '../api/json.ts';
import type { SignedRequest } from './verification.ts';

/** Of a delivery that is authenticated; parsed once. */
export type Payload =
  | { readonly kind: 'json'; readonly content: Json }
  | { readonly kind: 'unreadable' | 'unsupported' };

const JSON_TYPE = /^application\/(json|[\w.+-]+\+json)$/;
const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * Reads JSON, or the fields of a form: the JSON of its `payload`, as GitHub can send it, else all of them by name.
 * An empty body is null.
 */
export function readPayload(request: SignedRequest): Payload {
  const { body } = request;
  if (body.length === 0) return { kind: 'json', content: null };
  const type = mediaType(request);
  if (type === undefined || JSON_TYPE.test(type)) return readJson(body.toString());
  if (!isForm(request)) return { kind: 'unsupported' };
  const form = new URLSearchParams(body.toString());
  const payload = form.get('payload');
  // Of several fields with the same name, the last one counts.
  return payload === null ? { kind: 'json', content: Object.fromEntries(form) } : readJson(payload);
}

/** As Slack and some older senders post. */
function isForm(request: SignedRequest): boolean {
  return mediaType(request) === FORM_TYPE;
}

function mediaType({ headers }: SignedRequest): string | undefined {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase();
}

function readJson(text: string): Payload {
  const content = parseJson(text);
  return content === undefined ? { kind: 'unreadable' } : { kind: 'json', content };
}

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
