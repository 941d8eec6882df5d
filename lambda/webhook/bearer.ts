import { refused, type SignedRequest, tokenMatches, type Verification } from './verification.ts';

/** One token: headers that API Gateway joined have a comma, which no token may have. */
const CREDENTIALS = /^bearer +([\x21-\x2b\x2d-\x7e]+)$/i;

/**
 * Verifies `Authorization: Bearer <token>`, for senders that can keep a secret but cannot sign. The delivery's id is
 * `Idempotency-Key`: the same in each attempt of one call.
 */
export function verifyBearer({ headers }: SignedRequest, keys: readonly Buffer[]): Verification {
  const { authorization } = headers;
  if (!authorization) return refused('authorization is missing');
  const [, token] = CREDENTIALS.exec(authorization) ?? [];
  if (token === undefined) return refused('authorization is not one bearer token');
  return tokenMatches(token, keys)
    ? { kind: 'verified', deliveryId: headers['idempotency-key'] }
    : refused('the token is not the secret');
}
