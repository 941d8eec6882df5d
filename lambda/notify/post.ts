import { exchange } from '../api/exchange.ts';
import { apiMessage } from '../api/outcome.ts';
import { SecretUnusableError } from '../runtime/secrets.ts';
import type { ChannelRequest } from './channels.ts';

/** Every receiver answers within seconds; the function has 30 s. */
const LIMITS = { connectMs: 5_000, totalMs: 10_000 };

/** The receiver has not said that it has the message. `status` is absent where there was no answer. */
export class NotTakenError extends Error {
  override readonly name = 'NotTakenError';
  readonly status: number | undefined;

  constructor(channel: string, why: string, status?: number) {
    super(`The channel ${channel} has not taken the message: ${why}`);
    this.status = status;
  }
}

/**
 * Posts a message and returns the status of the answer. Rejects with NotTakenError, without its address, unless the
 * receiver says that it has the message; it may have it nevertheless.
 * @param secret the name of the channel's secret, for what is wrong with it.
 */
export async function post(
  channel: string,
  secret: string,
  { url: text, headers, body }: ChannelRequest,
): Promise<string> {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' && url?.hostname !== '127.0.0.1') {
    throw new SecretUnusableError(secret, `holds no https URL for the channel ${channel}`);
  }
  const answer = await exchange({ method: 'POST', url, headers, body }, LIMITS);
  if (answer.kind === 'broken') throw new NotTakenError(channel, answer.reason);
  const { status } = answer;
  if (status >= 200 && status <= 299) return `HTTP ${status}`;
  throw new NotTakenError(channel, `HTTP ${status}, ${apiMessage(answer)}`, status);
}
