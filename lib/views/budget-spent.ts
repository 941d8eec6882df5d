import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import {
  admissionId,
  readAdmissionRecord,
  SHARED_ADMISSION,
} from '../../lambda/policies/admission-record.ts';
import { dateIn, type SpentShare, spentShares } from '../../lambda/policies/budget.ts';

/** What a trigger, or all of them without a name, has spent of each limit of its budget; empty without a budget. */
export async function budgetSpent(
  name: string | undefined,
  { triggers, budget: shared, timezone }: DeployedConfig,
  now: Date,
  ledger: Pick<Ledger, 'readItem'>,
): Promise<SpentShare[]> {
  const budget = name === undefined ? shared : triggers[name]?.budget;
  if (!budget) return [];
  const id = name === undefined ? SHARED_ADMISSION : admissionId(name);
  const { spent } = await readAdmissionRecord(id, ledger);
  return spentShares(spent, budget, dateIn(timezone, now));
}
