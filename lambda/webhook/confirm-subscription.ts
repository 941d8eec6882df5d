import { log } from '../runtime/log.ts';
import { type Answer, SUBSCRIBED } from './answer.ts';
import type { SnsSite } from './sns-site.ts';

/** Accepts a verified subscription of SNS. Rejects when Amazon does not confirm it, so that SNS asks again. */
export async function confirmSubscription(
  trigger: string,
  address: URL,
  { confirm }: Pick<SnsSite, 'confirm'>,
): Promise<Answer> {
  await confirm(address);
  log('delivery_pinged', { trigger });
  return SUBSCRIBED;
}
