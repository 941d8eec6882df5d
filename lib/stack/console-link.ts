import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Aws } from 'aws-cdk-lib/core';

/** Addresses of the AWS console, in the region of the stack. The names are generated and need no escapes. */
export const consoleLink = {
  function: ({ functionName }: IFunction) =>
    page('lambda', `/functions/${functionName}?tab=monitoring`),
  log: ({ logGroupName }: ILogGroup) =>
    page('cloudwatch', `logsV2:log-groups/log-group/${logGroupName}`),
  queue: ({ queueName }: IQueue) =>
    page(
      'sqs/v3',
      `/queues/https%3A%2F%2Fsqs.${Aws.REGION}.${Aws.URL_SUFFIX}%2F${Aws.ACCOUNT_ID}%2F${queueName}`,
    ),
};

function page(service: string, place: string): string {
  return `https://${Aws.REGION}.console.aws.amazon.com/${service}/home?region=${Aws.REGION}#${place}`;
}
