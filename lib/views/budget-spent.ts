import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import { admissionId, readAdmissionRecord } from '../../lambda/policies/admission-record.ts';
import { dateIn, type SpentShare, spentShares } from '../../lambda/policies/budget.ts';

/** What a trigger has spent of each limit of its budget; empty without a budget. */
export async function budgetSpent(
  name: string,
  { triggers, timezone }: DeployedConfig,
  now: Date,
  ledger: Pick<Ledger, 'readItem'>,
): Promise<SpentShare[]> {
  const budget = triggers[name]?.budget;
  if (!budget) return [];
  const { spent } = await readAdmissionRecord(admissionId(name), ledger);
  return spentShares(spent, budget, dateIn(timezone, now));
}
