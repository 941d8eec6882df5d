import { exchange } from '../api/exchange.ts';
import { log } from '../runtime/log.ts';
import { type ReadSecret, SecretUnusableError } from '../runtime/secrets.ts';

/** Real time: the sweep's own work is over by then. */
const LIMITS = { connectMs: 2_000, totalMs: 4_000 };

/**
 * Calls the URL of a service that tells people when nobody calls it any more. Never rejects: a monitor that is down is not
 * the fault of the sweep.
 * @param secret name or ARN of the secret with the URL; a person who knows it can keep the monitor quiet, so it is not logged.
 */
export async function beat(secret: string, readSecret: ReadSecret): Promise<void> {
  const fault = await faultOf(secret, readSecret);
  if (fault !== undefined) log('heartbeat_failed', { message: fault });
}

/** The URL in the secret's text. Throws SecretUnusableError, without the text. */
export function heartbeatUrl(text: string, secret: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' || url?.hostname === '127.0.0.1') return url;
  throw new SecretUnusableError(secret, 'holds no https URL of a monitor');
}

async function faultOf(secret: string, readSecret: ReadSecret): Promise<string | undefined> {
  try {
    const url = heartbeatUrl(await readSecret(secret), secret);
    const answer = await exchange({ method: 'GET', url, headers: {} }, LIMITS);
    if (answer.kind === 'broken') return answer.reason;
    return answer.status < 300 ? undefined : `the monitor answered HTTP ${answer.status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
