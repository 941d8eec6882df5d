import { log } from '../runtime/log.ts';
import { type Answer, badRequest, permission } from './answer.ts';
import type { WebhookRequest } from './request.ts';

/**
 * The answer to a verified sender that asks whether it may send deliveries (CloudEvents, "HTTP 1.1 Web Hooks for Event
 * Delivery", 4: abuse protection). API Gateway limits the rate.
 */
export function answerQuestion({ headers, trigger }: WebhookRequest): Answer {
  const origin = headers['webhook-request-origin'];
  if (!origin) return badRequest('WebHook-Request-Origin is missing');
  log('delivery_pinged', { trigger });
  return permission(origin);
}
