import { firstOf } from '../../lambda/runtime/first-of.ts';
import { inDollars } from '../deploy/cost-page.ts';
import type { Plan } from '../deploy/plan.ts';
import type { Style } from './style.ts';
import { details, table } from './table.ts';
import { clockTime } from './text.ts';

/** As many lines of a section as a person reads; `--json` has all. */
const MOST_LINES = 50;

/** The plan as a person reads it before agreeing. `command` completes the words behind `rtt` so that they run when pasted. */
export function formatPlan(plan: Plan, style: Style, command: (words: string) => string): string {
  const section = (title: string, lines: readonly string[]) =>
    [style('bold', title), ...firstOf(lines, MOST_LINES).map((line) => `  ${line}`), ''].join('\n');
  const doubts = plan.doubts.map((doubt) => `  ${style('yellow', '!')} ${doubt}\n`);
  return [
    [section('What fires by itself', schedulesOf(plan, style)), ...doubts].join(''),
    section('Webhooks', webhooksOf(plan, style)),
    section('Who is told', toldOf(plan)),
    section(`What changes in ${plan.stack}`, changesOf(plan)),
    section('Secrets', secretsOf(plan, command)),
    section('What it costs a month, without the simulated calls', costOf(plan, style)),
  ].join('\n');
}

function schedulesOf({ schedules }: Plan, style: Style): string[] {
  const rows = schedules.map((load) => {
    const { trigger, timezone, next, mostPerDay, perMonth } = load;
    const first = next ? clockTime(next, timezone) : 'not within 30 days';
    return [trigger, first, timezone, String(mostPerDay), String(perMonth)];
  });
  if (rows.length === 0) return ['nothing'];
  const headings = ['TRIGGER', 'NEXT', 'ZONE', 'A DAY', '30 DAYS'];
  const [heading = '', ...lines] = table(headings, rows, style).trimEnd().split('\n');
  const entries = schedules.map(
    ({ schedule, expression }, index) =>
      `${lines[index]}\n    ${style('dim', `${schedule}: ${expression}`)}`,
  );
  return [heading, ...entries];
}

function webhooksOf({ webhooks }: Plan, style: Style): string[] {
  const rows = webhooks.map(
    ({ trigger, verify }) => [trigger, `POST /hooks/${trigger} (${verify})`] as const,
  );
  return rows.length > 0 ? linesOf(details(rows, style)) : ['none'];
}

function toldOf({ told: { email, on, ofTriggers, channels } }: Plan): string[] {
  const own = Object.entries(ofTriggers).map(
    ([address, triggers]) =>
      `${address}, of ${firstOf(triggers, MOST_LINES).join(', ')}: ${on.join(', ')}`,
  );
  const all = email.length > 0 ? [`${email.join(', ')}: ${on.join(', ')}`] : [];
  const posted = channels.map((one) => `${one.name} (${one.kind}): ${one.on.join(', ')}`);
  const told = [...all, ...own, ...posted];
  if (told.length > 0) return told;
  return ['nobody: write notify.email or notify.channels into the triggers file'];
}

function changesOf({ changes }: Plan): readonly string[] {
  if (changes === 'new') return ['it is new: everything is created'];
  if (changes === 'unknown') return ['not known without an account'];
  return changes.length > 0 ? changes : ['nothing'];
}

function secretsOf({ secrets, missingSecrets }: Plan, command: (words: string) => string) {
  if (missingSecrets === 'unknown') {
    return [...secrets, 'which of them have a value is not known without an account'];
  }
  const lines = missingSecrets.map(
    (name) => `${name} has no value: ${command(`secret set ${name}`)}`,
  );
  return lines.length > 0 ? lines : ['each has a value'];
}

function costOf({ cost }: Plan, style: Style): string[] {
  const rows = [
    ['while nothing fires', inDollars(cost.idle)],
    ['with what the schedules fire', inDollars(cost.scheduled)],
  ] as const;
  return linesOf(details(rows, style));
}

/** The lines of `details`, without their indent. */
function linesOf(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(2));
}
