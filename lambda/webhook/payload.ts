import type { JSONValue } from '@jmespath-community/jmespath';
import type { SignedRequest } from './verification.ts';

/** What a delivery's body says. */
export type Payload =
  | { readonly kind: 'json'; readonly content: JSONValue }
  | { readonly kind: 'unreadable' | 'unsupported' };

const JSON_TYPE = /^application\/(json|[\w.+-]+\+json)$/;
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Reads JSON, also from the field `payload` of a form, as GitHub sends it when so configured. No body is null. */
export function readPayload({ headers, body }: SignedRequest): Payload {
  if (body.length === 0) return { kind: 'json', content: null };
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === undefined || JSON_TYPE.test(type)) return readJson(body.toString());
  const field = type === FORM_TYPE ? new URLSearchParams(body.toString()).get('payload') : null;
  return field === null ? { kind: 'unsupported' } : readJson(field);
}

function readJson(text: string): Payload {
  try {
    return { kind: 'json', content: JSON.parse(text) };
  } catch {
    return { kind: 'unreadable' };
  }
}
