import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName } from './function-bundle.ts';
import { LOG_QUERIES } from './log-queries.ts';
import { serviceName } from './service-settings.ts';

/** The queries as CloudWatch Logs Insights offers them, in a folder of the stack's name. They cost nothing until run. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, logGroups: Readonly<Record<FunctionName, ILogGroup>>) {
    super(scope, id);
    for (const [title, { functions, lines }] of Object.entries(LOG_QUERIES)) {
      new CfnQueryDefinition(this, title, {
        name: `${serviceName(this)}/${title}`,
        queryString: lines.join('\n| '),
        logGroupNames: functions.map((name) => logGroups[name].logGroupName),
      });
    }
  }
}
