import { createHash } from 'node:crypto';
import type { HmacScheme } from '../firing/trigger.ts';
import { fieldOf } from './payload.ts';
import {
  decoded,
  refused,
  type SignedRequest,
  signatureMatches,
  staleness,
  type Verification,
} from './verification.ts';

/** Verifies a request whose sender signs by a scheme of its own, over the raw body. */
export function verifyHmac(
  request: SignedRequest,
  keys: readonly Buffer[],
  now: Date,
  scheme: HmacScheme,
): Verification {
  const { header, prefix, encoding, algorithm, separator } = scheme.signature;
  const given = entriesOf(request.headers[header], prefix, separator).flatMap(
    (entry) => decoded(entry, encoding) ?? [],
  );
  if (given.length === 0) return refused(`${header} holds no signature`);
  const timestamp = signedTime(request, scheme, now);
  if (typeof timestamp !== 'string') return timestamp;
  const id = scheme.idHeader === undefined ? undefined : request.headers[scheme.idHeader];
  const isIdSigned = scheme.signed.includes('{id}');
  if (isIdSigned && !id) return refused(`${scheme.idHeader} is missing`);
  const signed = signedParts(scheme.signed, {
    '{body}': request.body,
    '{timestamp}': timestamp,
    '{id}': id ?? '',
    '{url}': request.address ?? '',
  });
  if (!signatureMatches(algorithm, keys, signed, given)) return refused('no signature matches');
  const stale = bodyStaleness(request, scheme, now);
  if (stale !== undefined) return refused(stale);
  if (scheme.idHeader === undefined)
    return { kind: 'verified', deliveryId: idInBody(request, scheme) };
  if (isIdSigned) return { kind: 'verified', deliveryId: id };
  return { kind: 'verified', deliveryId: id, signedDigest: digestOf(signed) };
}

/** Entries of a header with this prefix; API Gateway joins headers of one name with commas. */
function entriesOf(
  header = '',
  prefix: string,
  separator: HmacScheme['signature']['separator'] = ',',
): string[] {
  const entries = separator === 'none' ? [header] : header.split(separator);
  return entries
    .map((entry) => entry.trim())
    .filter((entry) => entry.startsWith(prefix))
    .map((entry) => entry.slice(prefix.length));
}

/** The time in a header as it is signed; empty where the scheme has none there. */
function signedTime({ headers }: SignedRequest, { timestamp, signature }: HmacScheme, now: Date) {
  if (!timestamp || 'field' in timestamp) return '';
  const { header, prefix, format } = timestamp;
  const [text, another] = entriesOf(headers[header], prefix, signature.separator);
  if (text === undefined || another !== undefined)
    return refused(`${header} does not hold one timestamp`);
  const stale = staleness(text, `the timestamp in ${header}`, now, format);
  return stale === undefined ? text : refused(stale);
}

/** Read only when the signature is right: a body can be long. */
function bodyStaleness(request: SignedRequest, { timestamp }: HmacScheme, now: Date) {
  if (!timestamp || 'header' in timestamp) return undefined;
  const { field, format } = timestamp;
  return staleness(fieldOf(request, field) ?? '', `${field} of the body`, now, format);
}

function signedParts(template: string, values: Readonly<Record<string, string | Buffer>>) {
  return template.split(/(\{\w+\})/).map((part) => values[part] ?? part);
}

/** Without an id, equal bodies are one delivery: senders repeat the same bytes, with a new time and signature. */
function idInBody(request: SignedRequest, { idField }: HmacScheme): string | undefined {
  return idField === undefined ? digestOf([request.body]) : fieldOf(request, idField);
}

function digestOf(parts: readonly (string | Buffer)[]): string {
  return parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
}
