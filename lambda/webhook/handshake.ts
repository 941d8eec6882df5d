import { createHmac } from 'node:crypto';
import * as z from 'zod/mini';
import { parseJson } from '../api/json.ts';
import { type Answer, answer, HANDSHAKE_OVER, plainAnswer } from './answer.ts';
import type { SignedRequest } from './verification.ts';

/** Answers what a vendor sends to check an address; undefined for a delivery. @param key the one that signed. */
type AnswerHandshake = (content: unknown, key: Buffer) => Answer | undefined;

/** By the header of the vendor's signature, so that a scheme that is written out is protected as a preset is. */
const HANDSHAKES: Readonly<Record<string, AnswerHandshake>> = {
  'x-slack-signature': slackHandshake,
  'x-zm-signature': zoomHandshake,
  'twitch-eventsub-message-signature': twitchHandshake,
};

/** The answer to a verified request that is a vendor's handshake; undefined for a delivery. */
export function answerHandshake(
  signatureHeader: string,
  { body }: SignedRequest,
  key: Buffer,
): Answer | undefined {
  return HANDSHAKES[signatureHeader]?.(parseJson(body.toString()), key);
}

const slackSchema = z.object({ type: z.literal('url_verification'), challenge: z.string() });

/** Slack, "url_verification event". */
function slackHandshake(content: unknown): Answer | undefined {
  const { data } = slackSchema.safeParse(content);
  return data && answer(200, { challenge: data.challenge });
}

const zoomSchema = z.object({
  event: z.literal('endpoint.url_validation'),
  payload: z.object({ plainToken: z.string() }),
});

/** Zoom, "Validate your webhook endpoint"; it asks again every 72 hours. */
function zoomHandshake(content: unknown, key: Buffer): Answer | undefined {
  const { data } = zoomSchema.safeParse(content);
  if (!data) return undefined;
  const { plainToken } = data.payload;
  const encryptedToken = createHmac('sha256', key).update(plainToken).digest('hex');
  return answer(200, { plainToken, encryptedToken });
}

const twitchSchema = z.object({
  challenge: z.optional(z.string()),
  subscription: z.unknown(),
  event: z.optional(z.unknown()),
});

/** Twitch, "Handling webhook events". By the body, because the header with the kind of message is not signed. */
function twitchHandshake(content: unknown): Answer | undefined {
  const { data } = twitchSchema.safeParse(content);
  if (!data || data.event !== undefined) return undefined;
  return data.challenge === undefined ? HANDSHAKE_OVER : plainAnswer(data.challenge);
}
