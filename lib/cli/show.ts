import { Command } from '@commander-js/extra-typings';
import { InputError } from '../input-error.ts';
import { ledgerOf } from '../target/ledger.ts';
import { connect } from './connect.ts';
import { formatFiring } from './firing-text.ts';
import { answer, type Session } from './program.ts';

const EXAMPLES = `
Examples:
  rtt show nightly-regression:schedule-early:2026-11-24T02:00:00Z
  rtt show nightly-regression:command:cli-… --json

The ids are in rtt history, in the log and in every answer to a delivery.
`;

export function showCommand(session: Session) {
  return new Command('show')
    .summary('show one firing')
    .description('Shows a firing: its attempts, decisions, execution and verdict.')
    .argument('<firing>', 'its id')
    .addHelpText('after', EXAMPLES)
    .action(async (id) => {
      const target = await connect(session);
      // Ids that begin with a slash are the ledger's own notes.
      const firing = id.startsWith('/') ? undefined : await ledgerOf(target).read(id);
      if (!firing) throw new InputError(noFiring(id));
      answer(session, firing, (style) => formatFiring(firing, style));
    });
}

export function noFiring(id: string): string {
  return `No firing ${id} is in this ledger: rtt history lists those that are`;
}
