import { log } from '../runtime/log.ts';
import { type Answer, badRequest, SUBSCRIBED } from './answer.ts';
import type { SnsSite } from './sns-site.ts';

const REFUSED = 'Amazon SNS does not take the confirmation, which may be too old: subscribe again';

/** Accepts a verified subscription of SNS. Rejects when Amazon gives no answer, so that SNS asks again. */
export async function confirmSubscription(
  trigger: string,
  address: URL,
  { confirm }: Pick<SnsSite, 'confirm'>,
): Promise<Answer> {
  const isTaken = await confirm(address);
  if (isTaken) log('delivery_pinged', { trigger });
  else log('delivery_refused', { trigger, message: REFUSED });
  return isTaken ? SUBSCRIBED : badRequest(REFUSED);
}
