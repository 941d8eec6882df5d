import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Ledger, openLedger } from '../../lambda/ledger/ledger.ts';
import type { Target } from './target.ts';

/** The target's ledger, read only: only the service's functions change a firing. */
export function ledgerOf(target: Target): Pick<Ledger, 'read' | 'ofTrigger' | 'readItem'> {
  return openLedger(new DynamoDBClient(target.client('dynamodb')), target.ledgerTable);
}
