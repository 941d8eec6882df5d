import type { Timing } from '../../lambda/schedule/schedule.ts';
import { count } from '../count.ts';
import { readDays, readUsualDays } from './cron-day.ts';
import { type Field, numeric, readField, type WrittenField } from './cron-field.ts';
import type { Report } from './problem.ts';

const MINUTES = numeric('minutes', 0, 59);
const HOURS = numeric('hours', 0, 23);
const MONTH: Field = {
  ...numeric('month', 1, 12),
  names: 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' '),
  allowed: '1-12 or JAN-DEC with , - * /',
};
const YEAR: Field = { ...numeric('year', 1970, 2199), cyclic: false };

/** EventBridge Scheduler API reference, CreateSchedule: ScheduleExpression. */
const MOST_CHARACTERS = 256;

const NICKNAMES = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
]);

/**
 * Reads EventBridge Scheduler's six cron fields (minutes, hours, day of month, month, day of week from 1, Sunday,
 * year) or the usual five (without the year, weekdays 0-7), and writes them as six. Reports every bad field.
 * Source: User Guide, "Cron-based schedules".
 */
export function readCron(text: string, report: Report): Timing | undefined {
  const wrapper = /^\s*\w+\(/.exec(text)?.[0];
  if (wrapper) {
    return report(`write only the text between the brackets, without ${wrapper.trim()} )`);
  }
  const zone = /^\s*(?:CRON_)?TZ=(\S*)/.exec(text)?.[1];
  if (zone !== undefined)
    return report(`names a time zone; write it beside cron, as timezone: ${zone}`);
  const nickname = text.trim().toLowerCase();
  if (nickname.startsWith('@')) {
    const meant = NICKNAMES.get(nickname);
    return report(`"${text}" is not a cron expression here${meant ? `; write ${meant}` : ''}`);
  }
  const fields = writtenFields(text, report);
  const [minute, hour, date, month, weekday, year = { text: '*', report }] = fields;
  if (!minute || !hour || !date || !month || !weekday || fields.length > 6) {
    return report(
      `has ${count(fields.length, 'field')}; allowed: six (minutes hours day-of-month month day-of-week year) or the usual five (without the year)`,
    );
  }
  const minutes = readField(MINUTES, minute);
  const hours = readField(HOURS, hour);
  const days = fields.length === 5 ? readUsualDays(date, weekday) : readDays(date, weekday);
  const months = readField(MONTH, month);
  const years = readField(YEAR, year);
  if (!minutes || !hours || !days || !months || !years) return undefined;
  const [byDate, byWeekday] = days.fields;
  const texts = [minutes.text, hours.text, byDate, months.text, byWeekday, years.text];
  const expression = `cron(${texts.join(' ')})`;
  if (expression.length > MOST_CHARACTERS) {
    return report(
      `has ${expression.length} characters when its ranges around the end are written out, and EventBridge Scheduler takes ${MOST_CHARACTERS}; write two schedules`,
    );
  }
  return {
    expression,
    times: {
      kind: 'cron',
      minutes: minutes.numbers,
      hours: hours.numbers,
      day: days.rule,
      months: months.numbers,
      years: years.numbers,
    },
  };
}

/** In capitals, each with a report that knows its place. */
function writtenFields(text: string, report: Report): WrittenField[] {
  return [...text.matchAll(/\S+/g)].map(({ 0: field, index }) => ({
    text: field.toUpperCase(),
    report: (message, offset = 0) => report(message, index + offset),
  }));
}
