import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import { type Pause, readRecordsOf } from '../../lambda/policies/admission-record.ts';
import { dateIn, type SpentShare, spentShares } from '../../lambda/policies/budget.ts';
import { pauseIn } from '../../lambda/policies/pause.ts';

/** What lets a trigger start, or keeps it from it. */
export interface Admission {
  /** That is in force. */
  readonly pause?: Pause | undefined;
  /** What is spent of each limit of the budget; empty without one. */
  readonly budget: readonly SpentShare[];
}

/** That of each of these triggers and, without a name, of all together: a hundred are read in a request. */
export async function readAdmissions(
  names: readonly string[],
  { triggers, budget: shared, timezone }: DeployedConfig,
  now: Date,
  ledger: Pick<Ledger, 'readItems'>,
): Promise<(name: string | undefined) => Admission> {
  const recordOf = await readRecordsOf(names, ledger);
  const date = dateIn(timezone, now);
  return (name) => {
    const record = recordOf(name);
    const budget = name === undefined ? shared : triggers[name]?.budget;
    return {
      pause: pauseIn(record, now),
      budget: budget ? spentShares(record.spent, budget, date) : [],
    };
  };
}
