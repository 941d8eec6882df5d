import { inDollars } from '../deploy/cost-page.ts';
import type { Plan } from '../deploy/plan.ts';
import type { Style } from './style.ts';
import { details, table } from './table.ts';
import { clockTime } from './text.ts';

/** The plan as a person reads it before agreeing. `command` completes the words behind `rtt` so that they run when pasted. */
export function formatPlan(plan: Plan, style: Style, command: (words: string) => string): string {
  const section = (title: string, body: string) => `${style('bold', title)}\n${body}`;
  return [
    section('What fires by itself', schedulesOf(plan, style)),
    section('Webhooks', webhooksOf(plan, style)),
    section('Who is told', toldOf(plan)),
    section(`What changes in ${plan.stack}`, changesOf(plan)),
    section('Secrets', secretsOf(plan, command)),
    section('What it costs a month, without the simulated calls', costOf(plan, style)),
  ].join('');
}

function schedulesOf({ schedules, doubts }: Plan, style: Style): string {
  const rows = schedules.map((load) => {
    const { trigger, timezone, next, mostPerDay, perMonth } = load;
    const first = next ? clockTime(next, timezone) : 'not within 30 days';
    return [trigger, first, timezone, String(mostPerDay), String(perMonth)];
  });
  const headings = ['TRIGGER', 'NEXT', 'ZONE', 'A DAY', '30 DAYS'];
  const doubtful = doubts.map((doubt) => `  ${style('yellow', '!')} ${doubt}\n`).join('');
  const [heading = '', ...lines] = table(headings, rows, style).trimEnd().split('\n');
  const listed = [
    `  ${heading}\n`,
    ...schedules.map(({ schedule, expression }, index) => {
      const name = style('dim', `${schedule}: ${expression}`);
      return `  ${lines[index]}\n    ${name}\n`;
    }),
  ].join('');
  return (rows.length > 0 ? listed : '  nothing\n') + doubtful;
}

function webhooksOf({ webhooks }: Plan, style: Style): string {
  const rows = webhooks.map(
    ({ trigger, verify }) => [trigger, `POST /hooks/${trigger} (${verify})`] as const,
  );
  return rows.length > 0 ? details(rows, style) : '  none\n';
}

function toldOf({ told: { email, on, ofTriggers, channels } }: Plan): string {
  const own = Object.entries(ofTriggers).map(
    ([address, triggers]) => `  ${address}, of ${triggers.join(', ')}: ${on.join(', ')}\n`,
  );
  const all = email.length > 0 ? `  ${email.join(', ')}: ${on.join(', ')}\n` : '';
  const posted = channels.map((one) => `  ${one.name} (${one.kind}): ${one.on.join(', ')}\n`);
  const told = [all, ...own, ...posted].join('');
  return told || '  nobody: write notify.email or notify.channels into the triggers file\n';
}

function changesOf({ changes }: Plan): string {
  if (changes === 'new') return '  it is new: everything is created\n';
  if (changes === 'unknown') return '  not known without an account\n';
  return changes.length > 0 ? changes.map((line) => `  ${line}\n`).join('') : '  nothing\n';
}

function secretsOf({ secrets, missingSecrets }: Plan, command: (words: string) => string): string {
  if (missingSecrets === 'unknown') {
    const names = secrets.map((name) => `  ${name}\n`).join('');
    return `${names}  which of them have a value is not known without an account\n`;
  }
  const lines = missingSecrets.map(
    (name) => `  ${name} has no value: ${command(`secret set ${name}`)}\n`,
  );
  return lines.length > 0 ? lines.join('') : '  each has a value\n';
}

function costOf({ cost }: Plan, style: Style): string {
  return details(
    [
      ['while nothing fires', inDollars(cost.idle)],
      ['with what the schedules fire', inDollars(cost.scheduled)],
    ],
    style,
  );
}
