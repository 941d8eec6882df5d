import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import { openLedgerOf } from '../sdk-ledger.ts';
import type { Target } from './target.ts';

/** The target's ledger, read only: only the service's functions change a firing. */
export function ledgerOf(
  target: Target,
): Pick<Ledger, 'read' | 'readItem' | 'readItems' | 'ofTrigger' | 'newest' | 'newestIds' | 'open'> {
  return openLedgerOf(new DynamoDBClient(target.client('dynamodb')), target.ledgerTable);
}
