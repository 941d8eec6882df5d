import { createInterface } from 'node:readline/promises';
import { didYouMean } from '../../lambda/api/did-you-mean.ts';
import { readCron } from '../config/cron-expression.ts';
import { readBaseUrl, readEmail } from '../config/identifiers.ts';
import { channelKinds } from '../config/notify-schema.ts';
import type { Report } from '../config/problem.ts';
import { readTimezone } from '../config/timezone.ts';
import { InputError } from '../input-error.ts';
import type { Io } from './io.ts';
import type { FoundRunTest, Starter, StarterChannel } from './starter-file.ts';
import { oneLine } from './text.ts';

/** What a person wants in a new triggers file. */
type Wishes = Pick<Starter, 'runTests' | 'cron' | 'timezone' | 'perDay' | 'emails'> & {
  readonly channels: readonly StarterChannel[];
};

type Read<T> = (answer: string, report: Report) => T | undefined;

const CHANNELS = channelKinds.join(', ');
const EVERY_WEEKDAY = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** Asks the person at the terminal, each question until its answer can be used. Throws InputError when the input ends. */
export async function askStarter(
  found: readonly FoundRunTest[],
  ownZone: string,
  { stdin, stderr }: Io,
): Promise<Wishes> {
  // No terminal mode: lines that are typed ahead wait, and the terminal itself edits and interrupts.
  const prompt = createInterface({ input: stdin, terminal: false });
  const lines = prompt[Symbol.asyncIterator]();
  const ask = async <T>(question: string, read: Read<T>): Promise<T> => {
    for (;;) {
      stderr.write(`${question} `);
      const { value, done } = await lines.next();
      if (done) throw new InputError('The questions were not answered: nothing was written');
      const answer = read(value.trim(), (message) => void stderr.write(`  ${message}\n`));
      if (answer !== undefined) return answer;
    }
  };
  try {
    const list = found.map(({ name }, index) => `  ${index + 1}  ${oneLine(name)}\n`);
    stderr.write(`Run tests:\n${list.join('')}`);
    const wishes = {
      runTests: await ask('Which? Numbers or names with commas (Enter: all)', chosenFrom(found)),
      cron: await ask(
        'When? 02:00 for each weekday, or cron such as 0 2 * * 1-5 (Enter: only by hand)',
        readWhen,
      ),
      timezone: await ask(`In which time zone? (Enter: ${ownZone})`, (answer, report) =>
        readTimezone(answer || ownZone, report),
      ),
      perDay: await ask('How many executions a day at most? (Enter: 20)', readPerDay),
    };
    const { emails, kinds } = await ask(
      `Whom to tell? E-mail addresses, ${CHANNELS}, with commas (Enter: nobody)`,
      readTold,
    );
    const channels: StarterChannel[] = [];
    for (const kind of kinds) {
      if (kind !== 'webhook') channels.push({ kind });
      else
        channels.push({
          kind,
          url: await ask('Which https address gets the webhook?', readBaseUrl),
        });
    }
    return { ...wishes, emails, channels };
  } finally {
    prompt.close();
  }
}

function chosenFrom(found: readonly FoundRunTest[]): Read<readonly FoundRunTest[]> {
  return (answer, report) => {
    if (answer === '') return found;
    const chosen = new Set<FoundRunTest>();
    for (const part of partsOf(answer)) {
      const one = found[Number(part) - 1] ?? found.find(({ name }) => oneLine(name) === part);
      const names = found.map(({ name }) => oneLine(name));
      if (!one) return report(`No run test "${part}"${didYouMean(part, names)}`);
      chosen.add(one);
    }
    return chosen.size > 0 ? [...chosen] : found;
  };
}

/** A cron expression; empty where no schedule is wanted. */
function readWhen(answer: string, report: Report): string | undefined {
  if (answer === '') return '';
  const [, hour, minute] = EVERY_WEEKDAY.exec(answer) ?? [];
  if (hour !== undefined) return `${Number(minute)} ${Number(hour)} * * 1-5`;
  return readCron(answer, report) && answer;
}

function readPerDay(answer: string, report: Report): number | undefined {
  if (answer === '') return 20;
  return /^[1-9]\d{0,4}$/.test(answer)
    ? Number(answer)
    : report(`"${answer}" is not a whole number from 1 to 99999`);
}

function readTold(answer: string, report: Report) {
  const parts = partsOf(answer);
  const kinds = channelKinds.filter((kind) => parts.includes(kind));
  const others = parts.filter((part) => !kinds.some((kind) => kind === part));
  const emails = others.map((other) => {
    if (other.includes('@')) return readEmail(other, report);
    return report(`"${other}" is neither an e-mail address nor one of ${CHANNELS}`);
  });
  const read = emails.filter((email) => email !== undefined);
  return read.length === emails.length ? { emails: read, kinds } : undefined;
}

function partsOf(answer: string): string[] {
  return answer
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
