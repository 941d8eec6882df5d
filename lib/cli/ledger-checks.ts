import type { Ledger } from '../../lambda/ledger/ledger.ts';
import type { Check } from './checks.ts';
import type { Session } from './program.ts';
import { shellWord } from './text.ts';

/** What a table without the index `recent` lacks (lib/stack/ledger-table.ts). */
const RECENT = {
  IndexName: 'recent',
  KeySchema: [
    { AttributeName: 'recentShard', KeyType: 'HASH' },
    { AttributeName: 'recordedAt', KeyType: 'RANGE' },
  ],
  Projection: { ProjectionType: 'KEYS_ONLY' },
};

/** Whether the table has the index of all firings: one that `ledger.table` names may be of an earlier version. */
export async function ledgerChecks(
  ledger: Pick<Ledger, 'newestIds'>,
  table: string,
  { options }: Pick<Session, 'options'>,
): Promise<Check[]> {
  try {
    await ledger.newestIds().next();
    return [];
  } catch (error) {
    if (!isMissingIndex(error)) throw error;
    const found = `the table ${table} has no index recent, so history of all triggers, short ids, the console's lists and the summary fail: deploy again or, where ledger.table in triggers.yaml names the table, add it`;
    return [{ what: 'ledger', found, ok: false, command: addRecent(table, options()) }];
  }
}

/** As DynamoDB says it. */
function isMissingIndex(error: unknown): boolean {
  return (
    error instanceof Error && error.message.includes('does not have the specified index: recent')
  );
}

function addRecent(table: string, { region, profile }: ReturnType<Session['options']>): string {
  const place = Object.entries({ region, profile }).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option} ${shellWord(value)}`],
  );
  const attributes = RECENT.KeySchema.map(
    ({ AttributeName }) => `AttributeName=${AttributeName},AttributeType=S`,
  );
  return [
    `aws dynamodb update-table --table-name ${shellWord(table)} --query TableDescription.TableStatus`,
    `--attribute-definitions ${attributes.join(' ')}`,
    `--global-secondary-index-updates ${shellWord(JSON.stringify([{ Create: RECENT }]))}`,
    ...place,
  ].join(' ');
}
