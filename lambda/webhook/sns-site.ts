import { type KeyObject, X509Certificate } from 'node:crypto';
import { type Exchange, exchange } from '../api/exchange.ts';

/** What a subscription needs from Amazon's server. Both reject when it gives no answer at the moment. */
export interface SnsSite {
  /** The public key of the certificate at this address; undefined when no certificate is there. */
  readonly signingKey: (address: URL) => Promise<KeyObject | undefined>;
  /** Confirms a subscription. Returns whether Amazon took it. */
  readonly confirm: (address: URL) => Promise<boolean>;
}

/** Two of them, at worst, fit into the time of an answer. */
const LIMITS = { connectMs: 1_000, totalMs: 1_000 };
/** Amazon has one certificate per region at a time. */
const KEPT_CERTIFICATES = 20;

/** Asks Amazon, and keeps its certificates, whose content never changes. @param get for tests. */
export function snsSite(
  get: (url: URL) => Promise<Exchange> = (url) =>
    exchange({ method: 'GET', url, headers: {} }, LIMITS),
): SnsSite {
  const keys = new Map<string, KeyObject>();
  const read = async (url: URL): Promise<string | undefined> => {
    const answer = await get(url);
    if (answer.kind === 'broken') throw new Error(`${url.host} gives no answer: ${answer.reason}`);
    if (answer.status >= 500) throw new Error(`${url.host} answers HTTP ${answer.status}`);
    return answer.status === 200 ? answer.body : undefined;
  };
  return {
    async signingKey(url) {
      const kept = keys.get(url.href);
      if (kept) return kept;
      const key = publicKey(await read(url));
      if (key && keys.size < KEPT_CERTIFICATES) keys.set(url.href, key);
      return key;
    },
    confirm: async (url) => (await read(url)) !== undefined,
  };
}

function publicKey(pem: string | undefined): KeyObject | undefined {
  if (pem === undefined) return undefined;
  try {
    return new X509Certificate(pem).publicKey;
  } catch {
    // Not a certificate: the signature is refused, with the reason in the log.
    return undefined;
  }
}
