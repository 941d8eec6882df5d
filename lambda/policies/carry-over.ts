import type { Trigger } from '../firing/trigger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { log } from '../runtime/log.ts';
import { ADMISSION, type AdmissionRecord, admissionId } from './admission-record.ts';

type Triggers = Readonly<Record<string, Pick<Trigger, 'renamedFrom'>>>;

/**
 * Gives each renamed trigger the pause, the spent budget and the rejections of its old name, once. What is recorded under
 * the old name and not started yet keeps the pause; what it starts is counted there. Each function does this before
 * anything else, until it has succeeded.
 */
export function carryOver(triggers: Triggers, ledger: Ledger): () => Promise<void> {
  const renamed = Object.entries(triggers).flatMap(([name, { renamedFrom }]) =>
    renamedFrom === undefined ? [] : [{ name, renamedFrom }],
  );
  let left = renamed;
  return async () => {
    for (const one of left) {
      await carry(one.name, one.renamedFrom, ledger);
      left = left.filter((each) => each !== one);
    }
  };
}

/**
 * A trigger that gets an earlier name back finds its old record there, which was carried to the name between. It also
 * carries that there was none: a later pause of the old name is for what still waits under it.
 */
async function carry(name: string, from: string, ledger: Ledger): Promise<void> {
  const own = await ledger.readItem(admissionId(name), ADMISSION.schema);
  if (own && own.carriedTo !== from) return;
  const old = await ledger.readItem(admissionId(from), ADMISSION.schema);
  const id = admissionId(name);
  const { carriedTo: _, ...content } = old ?? ADMISSION.empty(id, '');
  if (!(await ledger.writeItem(own, { ...content, id })) || !old) return;
  log('trigger_renamed', { trigger: name, from });
  await mark(old, name, ledger);
}

/** Another function may write the old record at the same moment. */
async function mark(old: AdmissionRecord, name: string, ledger: Ledger): Promise<void> {
  let standing: AdmissionRecord | undefined = old;
  while (standing && !(await ledger.writeItem(standing, { ...standing, carriedTo: name }))) {
    standing = await ledger.readItem(old.id, ADMISSION.schema);
  }
}
