import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { LogEvent } from '../../lambda/runtime/log.ts';
import type { FunctionName } from './function-bundle.ts';
import { serviceName } from './service-settings.ts';

interface LogQuery {
  readonly functions: readonly FunctionName[];
  readonly lines: readonly string[];
}

const ALL = ['trigger', 'webhook', 'starter', 'sweep', 'notify'] as const;
const NEWEST_FIRST = 'sort @timestamp desc';

const PROBLEMS: readonly LogEvent[] = [
  'start_rejected',
  'start_unresolved',
  'start_expired',
  'start_skipped',
  'schedule_missed',
  'selection_mismatched',
  'execution_lost',
  'execution_unfollowed',
  'mismatch_cancel_failed',
  'overlap_cancel_failed',
  'trigger_paused',
];

/** The saved queries, and what the dashboard lists, by title. */
export const LOG_QUERIES = {
  'Last results': {
    functions: ['sweep'],
    lines: [
      fields('trigger result status success_rate total_calls failed_calls firing'),
      only('execution_finished'),
      NEWEST_FIRST,
      'limit 50',
    ],
  },
  'Each trigger': {
    functions: ALL,
    lines: [
      only('execution_started', 'execution_finished', ...PROBLEMS),
      'stats count(*) as times, latest(@timestamp) as last by message.trigger, message.event, message.result',
      'sort times desc',
      'limit 1000',
    ],
  },
  Problems: {
    functions: ALL,
    lines: [
      fields('event trigger message what_to_do firing'),
      only(...PROBLEMS),
      NEWEST_FIRST,
      'limit 50',
    ],
  },
  'One firing': {
    functions: ALL,
    lines: [
      'fields @timestamp, message.event, @message',
      'filter message.firing = "PUT THE FIRING HERE"',
      'sort @timestamp asc',
      'limit 1000',
    ],
  },
  'Refused deliveries': {
    functions: ['webhook'],
    lines: [
      only('delivery_refused', 'webhook_secret_rejected'),
      'stats count(*) as deliveries, latest(@timestamp) as last by message.trigger, message.message',
      'sort deliveries desc',
    ],
  },
  Errors: {
    functions: ALL,
    lines: [
      'fields @timestamp, @log, @message',
      // Lambda's own lines about a time-out or a lack of memory have a status and no level.
      'filter level = "ERROR" or record.status in ["error", "failure", "timeout"]',
      NEWEST_FIRST,
      'limit 100',
    ],
  },
} as const satisfies Record<string, LogQuery>;

/** A field of an event is named as the event names it. */
function fields(names: string): string {
  return `fields @timestamp, ${names
    .split(' ')
    .map((name) => `message.${name} as ${name}`)
    .join(', ')}`;
}

function only(...events: readonly LogEvent[]): string {
  return `filter message.event in [${events.map((event) => `"${event}"`).join(', ')}]`;
}

/** The queries as CloudWatch Logs Insights offers them, in a folder of the stack's name. They cost nothing until run. */
export function addSavedQueries(
  scope: Construct,
  logGroups: Readonly<Record<FunctionName, ILogGroup>>,
): void {
  for (const [title, { functions, lines }] of Object.entries(LOG_QUERIES)) {
    new CfnQueryDefinition(scope, title, {
      name: `${serviceName(scope)}/${title}`,
      queryString: lines.join('\n| '),
      logGroupNames: functions.map((name) => logGroups[name].logGroupName),
    });
  }
}
