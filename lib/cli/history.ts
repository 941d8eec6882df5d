import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { didYouMean } from '../../lambda/api/did-you-mean.ts';
import { hasFired } from '../../lambda/ledger/has-fired.ts';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { WORDS, wordOf } from '../views/firing-word.ts';
import { newestFirings } from '../views/newest-firings.ts';
import { openService } from './connect.ts';
import { formatHistory } from './history-table.ts';
import { readSince, wholeNumber } from './option-values.ts';
import { answer, type Session } from './program.ts';
import { READING, withSpinner } from './progress.ts';
import { styleFor } from './style.ts';
import { widthOf } from './table.ts';

const EXAMPLES = `
Results: ${WORDS.slice(0, 6).join(', ')},
         ${WORDS.slice(6).join(', ')}

Examples:
  rtt history
  rtt history nightly-regression --since 7d
  rtt history --result failed --result rejected --since yesterday
  rtt history --all --json
  rtt history --watch
`;

const DEFAULT_LIMIT = 20;
const MOST_LISTED = 100_000;
const MORE = '--all, --since 7d or --limit 100';
const FEWER = 'name a trigger or a later --since';
/** A look at them every few seconds costs a read unit for each two. */
const MOST_WATCHED = 1_000;

/**
 * Reads the ledger of a local run or a stack. Exit code 0 without firings as well. `--json` prints an array; with
 * `--watch`, one firing a line, until the process ends.
 */
export function command(session: Session) {
  return new Command('history')
    .description('Lists the firings of one trigger or of all, newest first.')
    .argument('[trigger]', 'this trigger only')
    .option('--since <time>', 'all of the last 7d or 12h, or since 2026-11-24', readSince)
    .option('--result <word>', 'only with this result; repeatable', readResult)
    .option(
      '--limit <n>',
      `how many at most (default: ${DEFAULT_LIMIT})`,
      wholeNumber(1, MOST_LISTED),
    )
    .option('--all', `every firing that the ledger has, ${MOST_LISTED} at most`)
    .option('-w, --watch', 'go on with each firing that is new or has changed')
    .addHelpText('after', EXAMPLES)
    .action(async (trigger, { since, result: results, limit, all, watch }) => {
      const { config, named, ledger } = await openService(session);
      const isGone = trigger !== undefined && !Object.hasOwn(config.triggers, trigger);
      if (isGone && !(await hasFired(trigger, ledger))) named(trigger);
      const { io } = session;
      const now = io.clock.now();
      const from = since?.(now);
      const most = limit ?? (all || from ? MOST_LISTED : DEFAULT_LIMIT);
      const wanted = { from: from ?? new Date(0), results, limit: most + 1 };
      const read = async (mostRead?: number) => {
        const reading = newestFirings(trigger, { ...wanted, mostRead }, ledger);
        return (await withSpinner(io, READING, reading)).firings;
      };
      const found = await read(watch ? MOST_WATCHED : undefined);
      const firings = found.slice(0, most);
      if (watch) {
        const again = async () => (await read(MOST_WATCHED)).slice(0, most);
        return watchFirings(firings.toReversed(), again, session);
      }
      answer(session, firings, (style) =>
        formatHistory(firings, { width: widthOf(io.stdout), now }, style),
      );
      if (firings.length === 0) {
        io.stderr.write(`${emptyText(trigger, from, results)}\n`);
      } else if (found.length > most) {
        io.stderr.write(
          `The newest ${most}; there are more: ${most < MOST_LISTED ? MORE : FEWER}\n`,
        );
      }
    });
}

const WATCH_EVERY_MS = 5_000;

/** Prints each firing when it is new and when its result has changed; JSON, one a line. Ends with the process. */
async function watchFirings(
  first: readonly ListedFiring[],
  read: () => Promise<readonly ListedFiring[]>,
  { io, options }: Session,
): Promise<void> {
  const style = styleFor(io.stdout);
  const shown = new Map<string, string>();
  for (let firings = first; ; firings = (await read()).toReversed()) {
    const changed = firings.filter((firing) => shown.get(firing.id) !== wordOf(firing));
    for (const firing of changed) shown.set(firing.id, wordOf(firing));
    const table = formatHistory(changed, { width: widthOf(io.stdout), now: io.clock.now() }, style);
    io.stdout.write(
      options().json
        ? changed.map((firing) => `${JSON.stringify(firing)}\n`).join('')
        : table.slice(firings === first ? 0 : table.indexOf('\n') + 1),
    );
    await io.clock.sleep(WATCH_EVERY_MS);
  }
}

function readResult(word: string, before: string[] = []): string[] {
  if (WORDS.includes(word)) return [...before, word];
  throw new InvalidArgumentError(
    `There is no such result${didYouMean(word, WORDS) || '.'} There are: ${WORDS.join(', ')}.`,
  );
}

function emptyText(trigger = 'any trigger', from?: Date, results?: readonly string[]): string {
  const since = from ? ` since ${from.toISOString()}` : '';
  const result = results ? ` with the result ${results.join(' or ')}` : '';
  return `No firing of ${trigger}${since}${result}.`;
}
