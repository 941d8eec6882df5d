import type { DeployedSchedule, ScheduleTimes } from '../../lambda/schedule/deployed-schedule.ts';
import { minutesOf } from './duration.ts';
import { parseExpression } from './schedule-expression.ts';
import type { Schedule } from './schedule-schema.ts';

/** A schedule with its expression read, so that the functions need no parser. */
export function deployedSchedule({ expression, ...schedule }: Schedule): DeployedSchedule {
  return { ...schedule, times: timesOf(expression) };
}

function timesOf(text: string): ScheduleTimes {
  const expression = parseExpression(text);
  switch (expression.kind) {
    case 'cron':
      return expression;
    case 'rate':
      return { kind: 'rate', minutes: minutesOf(expression.rate) };
    case 'at':
      return { kind: 'at', at: expression.at.toString() };
  }
}
