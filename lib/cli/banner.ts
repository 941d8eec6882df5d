import { relative } from 'node:path';
import type { EventRule } from '../../lambda/firing/trigger.ts';
import { occurrences } from '../../lambda/schedule/occurrences.ts';
import type { LocalSchedule } from '../local/assembly/assembly.ts';
import type { LocalRun } from '../local/local-run.ts';
import { triggerOf } from '../local/scheduler/fire-schedule-route.ts';
import type { Style } from './style.ts';

/** More triggers would push the address out of the terminal. */
const MOST_SHOWN = 20;

interface Shown {
  readonly stateDirectory: string;
  readonly now: Date;
  readonly typed: (words: string) => string;
}

/** What a person sees when the local run is up: its address, what fires when, how to fire it now. */
export function banner(run: LocalRun, { stateDirectory, now, typed }: Shown, style: Style): string {
  const triggers = Object.entries(run.triggers);
  const schedules = Map.groupBy(run.schedules, (schedule) => triggerOf(schedule)?.trigger);
  const entries = triggers.slice(0, MOST_SHOWN).map(([name, { webhook, events = [] }]) => {
    const own = schedules.get(name) ?? [];
    const lines = own.map((schedule) => row('next', nextTime(schedule, run, now)));
    lines.push(...events.map((rule) => row('event', eventText(rule))));
    if (webhook) lines.push(row('deliver', style('cyan', typed(`deliver ${name}`))));
    if (lines.length === 0) lines.push(row('next', 'never: no schedule, no event, no webhook'));
    return [style('bold', name), ...lines].join('\n');
  });
  const more = triggers.length - entries.length;
  if (more > 0)
    entries.push(`and ${more.toLocaleString('en')} more: ${style('cyan', typed('next'))}`);
  return `
${style('bold', 'run-test-trigger')}  ${style('cyan', run.url)}

${row('console', style('cyan', run.pageUrl))}
${row('', 'this address contains a password: do not share it')}
${row('API', api(run, style))}
${row('state', `${shortest(stateDirectory)} (ledger, secrets.json, events, notifications, dead letters)`)}

${entries.join('\n\n')}

${fireNow(run, style)}${style('dim', 'Logs follow. Ctrl-C stops.')}

`;

  function row(label: string, text: string): string {
    return `  ${style('dim', label.padEnd(8))} ${text}`;
  }
}

function eventText(rule: EventRule): string {
  if ('after' in rule) return `after ${rule.after} ${rule.kinds.join(' or ')}`;
  return `${JSON.stringify(rule.pattern)} on the bus ${rule.bus}`;
}

function api({ standIn, apiBaseUrl }: LocalRun, style: Style): string {
  return standIn
    ? 'built-in stand-in, nothing is billed (FI_API_KEY for the real one)'
    : style('yellow', `${apiBaseUrl}: executions are real and COST MONEY`);
}

function fireNow({ url, schedules, headerFile }: LocalRun, style: Style): string {
  const first = schedules.map(triggerOf).find((owner) => owner !== undefined);
  if (!first) return '';
  const address = `${url}/_local/schedules/${first.trigger}/${first.name}`;
  return `${style('dim', 'To fire a schedule now:')}\n  ${style('cyan', `curl -X POST -H @${shortest(headerFile)} ${address}`)}\n\n`;
}

/** From here, unless that would climb out of the working directory. */
function shortest(path: string): string {
  const short = relative('', path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
}

function nextTime(local: LocalSchedule, run: LocalRun, now: Date): string {
  const { schedule } = local;
  const [time] = occurrences(schedule, now, run.createdAt(local)).take(1);
  if (!time) return `never: ${schedule.expression} is ${schedule.enabled ? 'over' : 'disabled'}`;
  const zone = schedule.timezone;
  const there = zone === 'UTC' ? '' : `${format(time, zone, now)} ${zone}, `;
  const window = schedule.flexibleWindowMinutes;
  return `${there}${format(time, 'UTC', now)} UTC${window > 0 ? ` (+0-${window} min)` : ''}`;
}

/** `Wed 25 Nov 02:00`, in another year `Sun 31 Oct 2027 02:00`. */
function format(time: Date, timeZone: string, now: Date): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(time.getUTCFullYear() !== now.getUTCFullYear() && { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
    .format(time)
    .replaceAll(',', '');
}
