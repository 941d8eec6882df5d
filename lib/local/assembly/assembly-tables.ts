import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Template } from './template.ts';

const keySchema = z.array(
  z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }),
);
const tableSchema = z.object({
  KeySchema: keySchema,
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  GlobalSecondaryIndexes: z.exactOptional(
    z.array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.exactOptional(z.array(z.string())),
        }),
      }),
    ),
  ),
  LocalSecondaryIndexes: z.exactOptional(z.never()),
  StreamSpecification: z.exactOptional(z.never()),
});

/** The requests that create the stack's tables. Expired items stay: nothing here imitates DynamoDB's TTL. */
export function readTables(template: Template): CreateTableCommandInput[] {
  return template.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map((resource) => ({
    TableName: template.nameOf(resource),
    BillingMode: 'PAY_PER_REQUEST',
    ...template.properties(resource, tableSchema),
  }));
}
