import { Command } from '@commander-js/extra-typings';
import { InputError } from '../input-error.ts';
import { sendCommand } from '../target/invoke.ts';
import { connect, personAt } from './connect.ts';
import { formatFiring } from './firing-text.ts';
import { EXIT } from './io.ts';
import { reasonOption } from './option-values.ts';
import { answer, type Session } from './program.ts';
import { noFiring } from './show.ts';

const EXAMPLES = `
Only a rejected, unresolved or missed firing can be sent again. It keeps its id
and its request, and gets a new start deadline. For an unresolved one, the list
of executions is read first: if its execution is there, nothing is sent. If the
list is not clear, it stays unresolved: check the run test in Future AGI and,
only if it did not start, use --send-anyway. If it did, that runs it twice.

Examples:
  rtt retry nightly-regression:schedule-early:2026-11-24T02:00:00Z \\
    --reason "key replaced"
  rtt retry nightly-regression:schedule-early:2026-11-24T02:00:00Z \\
    --reason "it is not in the list" --send-anyway
`;

export function retryCommand(session: Session) {
  return new Command('retry')
    .summary('send a rejected, unresolved or missed firing again')
    .description('Sends a firing again that waits for the decision of a person.')
    .argument('<firing>', 'its id')
    .addOption(reasonOption('why; it stays in the firing'))
    .option('--send-anyway', 'send it where the list cannot tell if it started; it may run twice')
    .addHelpText('after', EXAMPLES)
    .action(async (id, { reason, sendAnyway }) => {
      const { io } = session;
      const target = await connect(session);
      const by = await personAt(target, io);
      const risk = sendAnyway ? ' even if it may have started: then it runs twice' : '';
      io.stderr.write(`Sends ${id} again, as ${by}${risk}.\n`);
      const order = { firing: id, by, reason, ...(sendAnyway && { sendAnyway }) };
      const result = await sendCommand(target, { command: 'retry', ...order });
      switch (result.kind) {
        case 'not-found':
          throw new InputError(noFiring(id));
        case 'wrong-state':
          throw new InputError(
            `${id} is ${result.firing.state}: only a rejected, unresolved or missed firing can be sent again`,
          );
        case 'changed-meanwhile':
          throw new InputError(
            `${id} was changed at the same moment: check it with rtt show ${id}`,
          );
        case 'retried':
      }
      const { firing } = result;
      io.exitCode = firing.state === 'started' ? EXIT.ok : EXIT.notStarted;
      answer(session, firing, (style) => formatFiring(firing, style));
    });
}
