import { type KeyObject, X509Certificate } from 'node:crypto';
import { type Exchange, exchange } from '../api/exchange.ts';

/** What a subscription needs from Amazon's server. Both reject when it gives no answer at the moment. */
export interface SnsSite {
  /** The public key of the certificate at this address; undefined when no certificate is there. */
  readonly signingKey: (address: URL) => Promise<KeyObject | undefined>;
  /** Confirms a subscription. Rejects also when Amazon does not take it: its throttling is a 400, too. */
  readonly confirm: (address: URL) => Promise<void>;
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
  const read = async (url: URL) => {
    const answer = await get(url);
    if (answer.kind === 'broken') throw new Error(`${url.host} gives no answer: ${answer.reason}`);
    return answer;
  };
  return {
    async signingKey(url) {
      const kept = keys.get(url.href);
      if (kept) return kept;
      const { status, body } = await read(url);
      if (status >= 500 || status === 429) throw new Error(`${url.host} answers HTTP ${status}`);
      const key = status === 200 ? publicKey(body) : undefined;
      if (key && keys.size < KEPT_CERTIFICATES) keys.set(url.href, key);
      return key;
    },
    async confirm(url) {
      const { status } = await read(url);
      if (status === 200) return;
      throw new Error(`${url.host} does not confirm the subscription (HTTP ${status})`);
    },
  };
}

function publicKey(pem: string): KeyObject | undefined {
  try {
    return new X509Certificate(pem).publicKey;
  } catch {
    // Not a certificate: the signature is refused, with the reason in the log.
    return undefined;
  }
}
