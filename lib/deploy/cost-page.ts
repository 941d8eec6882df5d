import { monthlyCost, sum } from './monthly-cost.ts';
import type { StackCounts } from './stack-counts.ts';

const BEGIN = '<!-- written by npm run cost -->';
const END = '<!-- end -->';

/** The page with the table in it written anew, between two comments. Throws where they are missing. */
export function costPage(page: string, least: StackCounts, everything: StackCounts): string {
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`docs/cost.md has no ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n${table(least, everything)}\n${END}${after}`;
}

/** `$1.20`; what is less than a cent and not nothing is `<$0.01`. */
export function inDollars(dollars: number): string {
  if (dollars === 0) return '–';
  return dollars < 0.01 ? '<$0.01' : `$${dollars.toFixed(2)}`;
}

function table(least: StackCounts, everything: StackCounts): string {
  const columns = [
    monthlyCost(least, 0),
    monthlyCost(least, 10),
    monthlyCost(least, 1_000),
    monthlyCost(everything, 0),
  ];
  const [first = []] = columns;
  const rows = first.map(({ what }, index) => [
    what,
    ...columns.map((column) => inDollars(column[index]?.dollars ?? 0)),
  ]);
  const sums = columns.map((column) => `**${inDollars(sum(column))}**`);
  const lines = [
    ['', 'idle', '10 firings', '1,000 firings', 'idle, all watched'],
    ['---', '---', '---', '---', '---'],
    ...rows,
    ['**sum**', ...sums],
  ];
  const { functions, queues, logGroups, triggers, secrets, alarms, alarmMetrics } = least;
  return `${lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}
Counted: ${triggers} triggers, ${secrets} secrets, ${alarms} alarms with ${alarmMetrics} metrics, ${functions} functions, ${queues} queues, ${logGroups} log groups. "All watched" has
${everything.alarms} alarms with ${everything.alarmMetrics} metrics, ${everything.dashboards} dashboard and ${everything.secrets} secrets, one of them the heartbeat's.
`;
}
