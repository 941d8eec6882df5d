import { type Json, parseJson } from '../api/json.ts';
import type { SignedRequest } from './verification.ts';

/** What a delivery's body says. */
export type Payload =
  | { readonly kind: 'json'; readonly content: Json }
  | { readonly kind: 'unreadable' | 'unsupported' };

const JSON_TYPE = /^application\/(json|[\w.+-]+\+json)$/;
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Reads JSON, also from the field `payload` of a form, as GitHub can send it. An empty body is null. */
export function readPayload({ headers, body }: SignedRequest): Payload {
  if (body.length === 0) return { kind: 'json', content: null };
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === undefined || JSON_TYPE.test(type)) return readJson(body.toString());
  const field = type === FORM_TYPE ? new URLSearchParams(body.toString()).get('payload') : null;
  return field === null ? { kind: 'unsupported' } : readJson(field);
}

function readJson(text: string): Payload {
  const content = parseJson(text);
  return content === undefined ? { kind: 'unreadable' } : { kind: 'json', content };
}
