import type { TokenScheme } from '../firing/trigger.ts';
import { fieldOf } from './field.ts';
import { refused, type SignedRequest, tokenMatches, type Verification } from './verification.ts';

/** One token: headers that API Gateway joined have a comma, which no token may have. */
const CREDENTIALS = /^bearer +([\x21-\x2b\x2d-\x7e]+)$/i;

/**
 * Verifies `Authorization: Bearer <token>`, or a token in a header of its own, for senders that can keep a secret but
 * cannot sign. The delivery's id is `Idempotency-Key` (the same in each attempt of one call), or what the scheme says.
 */
export function verifyBearer(
  request: SignedRequest,
  keys: readonly Buffer[],
  { header = 'authorization', idHeader = 'idempotency-key', idField }: TokenScheme = {},
): Verification {
  const given = request.headers[header];
  if (!given) return refused(`${header} is missing`);
  const token = header === 'authorization' ? CREDENTIALS.exec(given)?.[1] : given;
  if (token === undefined) return refused('authorization is not one bearer token');
  if (!tokenMatches(token, keys)) return refused('the token is not the secret');
  const deliveryId = idField === undefined ? request.headers[idHeader] : fieldOf(request, idField);
  return { kind: 'verified', deliveryId };
}
