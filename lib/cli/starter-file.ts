import { stringify } from 'yaml';
import type { Dialect } from '../../lambda/api/dialect.ts';
import type { Channel } from '../../lambda/config/deployed-config.ts';
import { visible } from './visible-text.ts';

/** As the server lists it; `scenarios` are their names. */
export interface FoundRunTest {
  readonly id: string;
  readonly name: string;
  readonly scenarios: readonly string[];
}

/** Where messages go beside e-mail. */
export type StarterChannel =
  | { readonly kind: Exclude<Channel['kind'], 'webhook'> }
  | { readonly kind: 'webhook'; readonly url: string };

/** Its name in Secrets Manager before the stage's prefix; the same for all channels of a kind. */
export function channelSecret({ kind }: StarterChannel): string {
  return `run-test-trigger/notify/${kind}`;
}

/** What a person has chosen or, where nothing was asked, triggers that fire by hand only. */
export interface Starter {
  readonly baseUrl: string;
  /** What the server was found to speak; absent where that is not known. */
  readonly dialect?: Dialect;
  readonly timezone: string;
  /** Where an editor finds the JSON Schema, from the file's folder. */
  readonly schema: string;
  readonly runTests: readonly FoundRunTest[];
  /** When every trigger fires; absent or empty: by hand only. */
  readonly cron?: string;
  /** Executions of each trigger. */
  readonly perDay?: number;
  /** Whom to tell of problems. */
  readonly emails?: readonly string[];
  /** At most one of each kind. */
  readonly channels?: readonly StarterChannel[];
}

/** A triggers file with what is wanted, and everything else to be uncommented. Pure. */
export function starterFile(starter: Starter): string {
  const { baseUrl, dialect, timezone, schema, runTests } = starter;
  const names = triggerNames(runTests.map(({ name }) => name));
  const triggers = runTests.map((runTest, index) =>
    triggerText(names[index] ?? '', runTest, starter),
  );
  const spoken = dialect ? `  dialect: ${dialect} # what this server was found to speak\n` : '';
  return `# yaml-language-server: $schema=${schema}

api:
  baseUrl: ${scalar(baseUrl)}
  secret: run-test-trigger/api-key # name in Secrets Manager; rtt secret set gives it its value
${spoken}
defaults:
  timezone: ${scalar(timezone)} # of every schedule that names none
${notifyText(starter)}
triggers:
${triggers.join('\n')}`;
}

function notifyText({ emails = [], channels = [] }: Starter): string {
  if (emails.length + channels.length === 0) return '';
  const listedEmails = emails.map(scalar).join(', ');
  const email = listedEmails && `  email: [${listedEmails}] # each confirms a message once\n`;
  const entries = channels.map((channel) => {
    const url = 'url' in channel ? `, url: ${JSON.stringify(channel.url)}` : '';
    const { kind } = channel;
    return `    ${kind}: { kind: ${kind}${url}, secret: ${channelSecret(channel)} }\n`;
  });
  const listed = entries.length > 0 ? `  channels:\n${entries.join('')}` : '';
  return `\nnotify:\n${email}${listed}`;
}

function triggerText(
  trigger: string,
  { id, name, scenarios }: FoundRunTest,
  { cron = '', perDay }: Starter,
): string {
  const listed = scenarios.map((scenario) => `    #   - ${scalar(scenario)}\n`).join('');
  const schedule = cron
    ? `    schedules:\n      - cron: ${scalar(cron)}`
    : '    # schedules:\n    #   - cron: 0 2 * * 1-5 # 02:00 from Monday to Friday';
  const budget =
    perDay === undefined
      ? '    # budget:\n    #   perDay: 20'
      : `    budget:\n      perDay: ${perDay} # executions; what comes after that is skipped`;
  return `  ${trigger}:
    description: ${scalar(name.slice(0, MOST_DESCRIPTION))}
    runTestId: ${id}
    execute: { selectAll: true } # or selectAll: false and some of these:
    # scenarios:
${listed}${schedule}
    # webhook:
    #   verify: standard-webhooks
    #   secret: run-test-trigger/webhooks/${trigger}
    # expect: # without it, every call must complete
    #   minSuccessRate: 90
${budget}
`;
}

const MOST_DESCRIPTION = 512;

/** One line of YAML that reads as this text. */
function scalar(text: string): string {
  // JSON's escapes are YAML's as well; stringify would spread a line break over lines, out of its comment.
  const json = visible(JSON.stringify(text));
  return json.includes('\\') ? json : stringify(text, { lineWidth: 0 }).trimEnd();
}

/** What a trigger's name may have at most, and room for a number. */
const NAME_LENGTH = 36;

/** Names that triggers may have, each once. */
function triggerNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const slug = slugOf(name);
    let free = slug;
    for (let number = 2; taken.has(free); number += 1) free = `${slug}-${number}`;
    taken.add(free);
    return free;
  });
}

function slugOf(name: string): string {
  const words =
    name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  const slug = words
    .join('-')
    .replace(/^[0-9-]+/, '')
    .slice(0, NAME_LENGTH)
    .replace(/-$/, '');
  return slug === '' || slug in Object.prototype ? 'run-test' : slug;
}
