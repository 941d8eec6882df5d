import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { parseJson } from '../../lambda/api/json.ts';
import { readLogFile } from '../local/files/log-file.ts';
import type { Target } from './target.ts';
import { withClient } from './with-client.ts';

/** `line` is as the function has written it: JSON, but for some lines of the runtime. */
export interface LogEntry {
  /** The same for the same line, however often it is read. */
  readonly id: string;
  readonly time: Date;
  /** The short name of the function. */
  readonly source: string;
  readonly line: string;
}

interface LogFilter {
  readonly since: Date;
  readonly trigger?: string | undefined;
  readonly firing?: string | undefined;
}

/** The functions' log, oldest first. CloudWatch Logs has a line some seconds after it was written. */
export async function readLogs(target: Target, filter: LogFilter): Promise<LogEntry[]> {
  const entries =
    target.logs.kind === 'file'
      ? readLocal(target.logs.file, filter)
      : await readGroups(target, target.logs.groups, filter);
  return entries.toSorted((a, b) => a.time.getTime() - b.time.getTime());
}

function readLocal(file: string, filter: LogFilter): LogEntry[] {
  return readLogFile(file)
    .map(({ time, source, line }, index) => ({
      id: String(index),
      time: new Date(time),
      source,
      line,
    }))
    .filter(({ time, line }) => time >= filter.since && isMeant(line, filter));
}

/** As `patternOf` has CloudWatch Logs choose. */
function isMeant(line: string, { trigger, firing }: LogFilter): boolean {
  const message = Object(Object(parseJson(line)).message);
  const has = (name: string, value: string | undefined) =>
    value === undefined || message[name] === value;
  return has('trigger', trigger) && has('firing', firing);
}

function readGroups(target: Target, groups: Readonly<Record<string, string>>, filter: LogFilter) {
  const wanted = { startTime: filter.since.getTime(), filterPattern: patternOf(filter) };
  return withClient(new CloudWatchLogsClient(target.client('cloudwatchLogs')), async (client) => {
    const lists = Object.entries(groups).map(async ([source, logGroupName]) => {
      const pages = paginateFilterLogEvents({ client }, { logGroupName, ...wanted });
      const events = (await Array.fromAsync(pages)).flatMap((page) => page.events ?? []);
      return events.map(({ eventId: id = '', timestamp = 0, message = '' }) => {
        return { id, time: new Date(timestamp), source, line: message.trimEnd() };
      });
    });
    return (await Promise.all(lists)).flat();
  });
}

/** CloudWatch Logs, "Filter pattern syntax": JSON patterns. Undefined: everything. */
function patternOf({ trigger, firing }: LogFilter): string | undefined {
  const wanted = Object.entries({ trigger, firing }).flatMap(([name, value]) =>
    value === undefined ? [] : `$.message.${name} = ${JSON.stringify(value)}`,
  );
  return wanted.length === 0 ? undefined : `{ ${wanted.join(' && ')} }`;
}
