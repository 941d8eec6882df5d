import type { ChannelRequest } from './channels.ts';

/** Every receiver answers within seconds; the function has 30 s. */
const ANSWER_MS = 10_000;
const QUOTED = 100;

/** Posts a message. Rejects, without its address, unless the receiver has taken it: it may then have it nevertheless. */
export async function post(channel: string, { url, headers, body }: ChannelRequest): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
    .catch((error: unknown) => {
      const isSlow = error instanceof Error && error.name === 'TimeoutError';
      const why = isSlow ? `no answer within ${ANSWER_MS / 1000} s` : 'it cannot be reached';
      throw new Error(`The channel ${channel} has not taken the message: ${why}`);
    });
  const words = (await answer.text().catch(() => '')).replaceAll(/\s+/g, ' ').slice(0, QUOTED);
  if (answer.ok) return;
  throw new Error(`The channel ${channel} has not taken the message: HTTP ${answer.status} ${words}`);
}
