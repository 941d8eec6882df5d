import { Command, Option } from '@commander-js/extra-typings';
import { STATES } from '../../lambda/firing/states.ts';
import type { Ledger, ListedFiring } from '../../lambda/ledger/ledger.ts';
import { sendCommand } from '../target/invoke.ts';
import { ledgerOf } from '../target/ledger.ts';
import { connect } from './connect.ts';
import { coloredWord } from './firing-style.ts';
import { readSince, wholeNumber } from './option-values.ts';
import { answer, type Session } from './program.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';
import { dateTime, ownZone } from './text.ts';
import { namedTriggers } from './triggers-file.ts';

const EXAMPLES = `
Examples:
  rtt history
  rtt history nightly-regression --since 7d
  rtt history --state rejected --json
`;

const DEFAULT_LIMIT = 20;

export function historyCommand(session: Session) {
  return new Command('history')
    .summary('list the firings')
    .description('Lists the firings of one trigger or of all that are deployed, newest first.')
    .argument('[trigger]', 'this trigger only')
    .option('--since <time>', 'not older than 7d or 12h, or since 2026-11-24', readSince)
    .addOption(new Option('--state <state>', 'only in this state').choices(Object.keys(STATES)))
    .option('--limit <n>', 'how many at most', wholeNumber(1, 1_000), DEFAULT_LIMIT)
    .addHelpText('after', EXAMPLES)
    .action(async (trigger, { since, state, limit }) => {
      const target = await connect(session);
      const { triggers } = await sendCommand(target, { command: 'describe' });
      const firings = await newest(
        namedTriggers(Object.keys(triggers), trigger),
        { from: since?.(session.io.clock.now()) ?? new Date(0), state, limit },
        ledgerOf(target),
      );
      answer(session, firings, (style) => format(firings, style));
    });
}

interface Wanted {
  readonly from: Date;
  readonly state: string | undefined;
  readonly limit: number;
}

async function newest(
  triggers: readonly string[],
  { from, state, limit }: Wanted,
  ledger: Pick<Ledger, 'ofTrigger'>,
): Promise<ListedFiring[]> {
  const lists = await Promise.all(
    triggers.map(async (trigger) => {
      const found: ListedFiring[] = [];
      for await (const firing of ledger.ofTrigger(trigger, from)) {
        if (state === undefined || firing.state === state) found.push(firing);
        if (found.length === limit) break;
      }
      return found;
    }),
  );
  return lists
    .flat()
    .toSorted((a, b) => b.recordedAt.localeCompare(a.recordedAt))
    .slice(0, limit);
}

function format(firings: readonly ListedFiring[], style: Style): string {
  if (firings.length === 0) return 'No firing matches.\n';
  const zone = ownZone();
  const rows = firings.map((firing) => [
    dateTime(new Date(firing.recordedAt), zone),
    coloredWord(firing, style),
    firing.id,
  ]);
  return table([`RECORDED (${zone})`, 'RESULT', 'FIRING'], rows, style);
}
