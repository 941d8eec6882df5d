import type { Api } from '../api/api.ts';
import type { ApiAccess } from '../api/future-agi.ts';
import type { Firing, SendingFiring } from '../firing/firing.ts';
import type { LedgerContext, RetentionContext } from '../ledger/ledger.ts';
import { pausedBy } from '../policies/admission.ts';
import { type AdmissionRecord, readAdmissionRecords } from '../policies/admission-record.ts';
import { countOutcome } from '../policies/rejections.ts';
import { log } from '../runtime/log.ts';
import { skip } from './not-sent.ts';
import { post } from './post.ts';
import type { Draft } from './prepare.ts';
import { settle } from './settle.ts';

interface Leased {
  readonly sending: SendingFiring;
  readonly draft: Draft;
  readonly access: ApiAccess;
}

/**
 * Sends what is leased, and settles it. The pauses are read after the lease was written: so nothing leaves after a
 * pause was complete, except what had its lease before.
 */
export async function send(
  { sending, draft, access }: Leased,
  context: RetentionContext & { readonly api: Api },
  until: Date,
): Promise<Firing> {
  const { api, now } = context;
  const records = await readAdmissionRecords(sending, context).catch(errorOf);
  if (records instanceof Error) {
    const message = `Whether it is paused cannot be read: ${records.message}`;
    return settle(sending, { kind: 'not-started', message }, context);
  }
  const paused = pausedBy(records, sending, now());
  if (paused !== undefined) {
    const settled = await settle(sending, { kind: 'not-started', message: paused.reason }, context);
    return settled.state === 'due' ? skip(settled, paused.policy, paused.reason, context) : settled;
  }
  const outcome = await post(draft, { firing: sending, api, access, until });
  return counted(await settle(sending, outcome, context), records.own, context);
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/**
 * What a start has shown holds for the next one of its trigger. Where that cannot be written, the sweep does it.
 * @param own the trigger's record, as it was read last.
 */
export async function counted(
  firing: Firing,
  own: AdmissionRecord,
  context: LedgerContext,
): Promise<Firing> {
  if (firing.state !== 'rejected' && firing.state !== 'started') return firing;
  try {
    await countOutcome(firing, context, own);
  } catch (error) {
    log('advance_failed', { firing: firing.id, message: String(error) });
  }
  return firing;
}
