import { createHash } from 'node:crypto';
import { parseJson } from '../api/json.ts';
import type { HmacScheme } from '../firing/trigger.ts';
import {
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
  const { headers, body } = request;
  const { header, prefix, encoding, algorithm } = scheme.signature;
  const given = entriesOf(headers[header], prefix)
    .filter((entry) => ENCODED[encoding].test(entry))
    .map((entry) => Buffer.from(entry, encoding));
  if (given.length === 0) return refused(`${header} holds no signature`);
  const timestamp = scheme.timestamp ? timestampOf(request, scheme.timestamp, now) : '';
  if (typeof timestamp !== 'string') return timestamp;
  const head = scheme.signed.replace('{body}', '').replaceAll('{timestamp}', timestamp);
  if (!signatureMatches(algorithm, keys, [head, body], given)) {
    return refused('no signature matches');
  }
  return { kind: 'verified', ...identityOf(request, scheme, head) };
}

const ENCODED = {
  hex: /^([0-9a-f]{2})+$/i,
  base64: /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
} as const;

/** Entries of a header with this prefix; a sender joins several with commas, and so does API Gateway. */
function entriesOf(header: string | undefined, prefix: string): string[] {
  return (header ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry.startsWith(prefix))
    .map((entry) => entry.slice(prefix.length));
}

function timestampOf(
  { headers }: SignedRequest,
  { header, prefix }: NonNullable<HmacScheme['timestamp']>,
  now: Date,
): string | Verification {
  const [timestamp, another] = entriesOf(headers[header], prefix);
  if (timestamp === undefined || another !== undefined) {
    return refused(`${header} does not hold one timestamp`);
  }
  const stale = staleness(timestamp, `the timestamp in ${header}`, now);
  return stale === undefined ? timestamp : refused(stale);
}

/** Without an id, equal bodies are one delivery: senders repeat the same bytes, with a new time and signature. */
function identityOf({ headers, body }: SignedRequest, scheme: HmacScheme, head: string) {
  if (scheme.idHeader !== undefined) {
    const signedDigest = createHash('sha256').update(head).update(body).digest('hex');
    return { deliveryId: headers[scheme.idHeader], signedDigest };
  }
  if (scheme.idField !== undefined) return { deliveryId: fieldOf(body, scheme.idField) };
  return { deliveryId: createHash('sha256').update(body).digest('hex') };
}

function fieldOf(body: Buffer, field: string): string | undefined {
  const content = parseJson(body.toString(), asWritten);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return;
  const value = Object.hasOwn(content, field) ? content[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** A number as its digits: as numbers, two neighbouring ids of 64 bits would be equal. */
function asWritten(_key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  return typeof value === 'number' ? source : value;
}
