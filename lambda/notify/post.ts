import { exchange } from '../api/exchange.ts';
import { apiMessage } from '../api/outcome.ts';
import { SecretUnusableError } from '../runtime/secrets.ts';
import type { ChannelRequest } from './channels.ts';

/** Every receiver answers within seconds; the function has 30 s. */
const LIMITS = { connectMs: 5_000, totalMs: 10_000 };

/**
 * Posts a message. Rejects, without its address, unless the receiver says that it has the message; it may have it
 * nevertheless.
 * @param secret the name of the channel's secret, for what is wrong with it.
 */
export async function post(
  channel: string,
  secret: string,
  { url: text, headers, body }: ChannelRequest,
): Promise<void> {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' && url?.hostname !== '127.0.0.1') {
    throw new SecretUnusableError(secret, `holds no https URL for the channel ${channel}`);
  }
  const answer = await exchange({ method: 'POST', url, headers, body }, LIMITS);
  if (answer.kind === 'broken') throw notTaken(channel, answer.reason);
  if (answer.status < 200 || answer.status > 299) {
    throw notTaken(channel, `HTTP ${answer.status}, ${apiMessage(answer)}`);
  }
}

function notTaken(channel: string, why: string): Error {
  return new Error(`The channel ${channel} has not taken the message: ${why}`);
}
