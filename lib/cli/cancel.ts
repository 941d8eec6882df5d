import { Command } from '@commander-js/extra-typings';
import { InputError } from '../input-error.ts';
import { sendCommand } from '../target/invoke.ts';
import { shortId } from '../views/firing-reference.ts';
import { cancelRefusal } from '../views/refusals.ts';
import { openService, personAt } from './connect.ts';
import { reasonOption } from './option-values.ts';
import { answerDone, type Session } from './program.ts';

const EXAMPLES = `
Calls that are over stay. Within a minute the firing is judged, usually as
inconclusive, and people are told. An execution that was found in the list of
executions is not cancelled: it may be somebody else's.

Examples:
  rtt cancel last --reason "wrong version deployed"
  rtt cancel 3f2a --reason "it runs for hours"
`;

/** Changes the firing of a local run or a stack. Exit code 2: nothing was cancelled. `--json` prints the firing. */
export function command(session: Session) {
  return new Command('cancel')
    .description('Asks the server to cancel the execution that a firing has started.')
    .argument('<firing>', 'its id or short id, or the beginning of one, or last')
    .addOption(reasonOption('why; it stays in the firing'))
    .addHelpText('after', EXAMPLES)
    .action(async (reference, { reason }) => {
      const { target, firing } = await openService(session);
      const { id } = await firing(reference);
      const by = await personAt(target, session.io);
      const result = await sendCommand(target, { command: 'cancel', firing: id, by, reason });
      if (result.kind !== 'cancelled') throw new InputError(cancelRefusal(id, result));
      const look = session.typed(`show ${shortId(id)}`);
      answerDone(session, result.firing, `The server cancels ${id}. How it ended: ${look}`);
    });
}
