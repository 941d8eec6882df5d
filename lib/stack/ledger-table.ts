import {
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { allow } from './allow.ts';
import { serviceSettings } from './service-settings.ts';

/** The indexes of the ledger, with the attributes that each has beside its keys. */
const INDEXES = {
  open: { keys: ['openShard', 'nextCheckAt'], others: ['trigger', 'state', 'recordedAt'] },
  'by-run-test': { keys: ['runTestId', 'sentAt'], others: ['state', 'executionId'] },
  'by-trigger': {
    keys: ['trigger', 'recordedAt'],
    others: ['state', 'cause', 'executionId', 'reason', 'result'],
  },
  // Its keys never change: a firing is written to it once.
  recent: { keys: ['recentShard', 'recordedAt'], others: [] },
} as const;

/** The DynamoDB table with one item per firing. It outlives the stack: it is what makes a start happen once. */
export class LedgerTable extends Construct {
  readonly name: string;
  readonly #arn: string;

  /** @param existing name of the table of an earlier stack, which is used as it is. */
  constructor(scope: Construct, id: string, existing?: string) {
    super(scope, id);
    const table =
      existing === undefined ? this.#create() : Table.fromTableName(this, 'Table', existing);
    this.name = table.tableName;
    this.#arn = table.tableArn;
  }

  #create(): Table {
    const { removalPolicy = RemovalPolicy.RETAIN } = serviceSettings(this);
    const string = (name: string) => ({ name, type: AttributeType.STRING });
    const table = new Table(this, 'Table', {
      partitionKey: string('id'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Encrypted with the key that DynamoDB owns: items hold no secret, and a KMS key would be paid per request.
      encryption: TableEncryption.DEFAULT,
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy,
    });
    for (const [indexName, { keys, others }] of Object.entries(INDEXES)) {
      table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: string(keys[0]),
        sortKey: string(keys[1]),
        ...(others.length > 0
          ? { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...others] }
          : { projectionType: ProjectionType.KEYS_ONLY }),
      });
    }
    return table;
  }

  /** Allows to record firings and to write what became of them. */
  grantRecord(role: Role): void {
    allow(role, ['dynamodb:GetItem', 'dynamodb:PutItem'], this.#arn);
  }

  /** Allows to read what decides whether a firing may start. */
  grantAdmit(role: Role): void {
    allow(role, ['dynamodb:BatchGetItem'], this.#arn);
  }

  /** Allows to find firings by these indexes. */
  grantFind(role: Role, indexes: readonly (keyof typeof INDEXES)[]): void {
    allow(role, ['dynamodb:Query'], ...indexes.map((index) => `${this.#arn}/index/${index}`));
  }
}
