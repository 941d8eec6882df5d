import { Command } from '@commander-js/extra-typings';
import { InputError } from '../local/input-error.ts';
import { connect } from './connect.ts';
import { formatFiring } from './firing-text.ts';
import { EXIT, printJson } from './io.ts';
import { personAt } from './person.ts';
import type { Session } from './program.ts';
import { reasonOption } from './reason.ts';
import { noFiring } from './show.ts';
import { styleFor } from './style.ts';

const EXAMPLES = `
Only a rejected or unresolved firing can be sent again. It keeps its id and its
request, and gets a new start deadline. An unresolved one is looked for once
more before: if its execution is in the list now, nothing is sent. Where the
list cannot tell, it stays unresolved: look at the run test in Future AGI and,
only if it did not start, use --send-anyway. If it did, that runs it twice.

Examples:
  rtt retry nightly-regression:schedule-0:2026-11-24T02:00:00Z \\
    --reason "key replaced"
  rtt retry nightly-regression:schedule-0:2026-11-24T02:00:00Z \\
    --reason "it is not in the list" --send-anyway
`;

/** Sends a firing again that waits for a person's decision. */
export function retryCommand(session: Session) {
  return new Command('retry')
    .summary('send a rejected or unresolved firing again')
    .description('Sends a firing again that waits for the decision of a person.')
    .argument('<firing>', 'its id')
    .addOption(reasonOption('why; it stays in the firing'))
    .option('--send-anyway', 'send it where the list cannot tell if it started; it may run twice')
    .addHelpText('after', EXAMPLES)
    .action(async (id, { reason, sendAnyway }) => {
      const { io, options } = session;
      const target = await connect(session);
      const { give } = await import('../target/invoke.ts');
      const by = await personAt(target, io);
      const risk = sendAnyway ? ' even if it may have started: then it runs twice' : '';
      io.stderr.write(`Sends ${id} again, as ${by}${risk}.\n`);
      const order = { firing: id, by, reason, ...(sendAnyway && { sendAnyway }) };
      const answer = await give<'retry'>(target, { command: 'retry', ...order });
      switch (answer.kind) {
        case 'not-found':
          throw new InputError(noFiring(id));
        case 'wrong-state':
          throw new InputError(
            `${id} is ${answer.firing.state}: only a rejected or unresolved firing can be sent again`,
          );
        case 'changed-meanwhile':
          throw new InputError(`Somebody else has just changed ${id}: look at it with rtt show`);
        case 'retried':
      }
      const { firing } = answer;
      io.exitCode = firing.state === 'started' ? EXIT.ok : EXIT.notStarted;
      if (options().json) return printJson(io, firing);
      io.stdout.write(formatFiring(firing, styleFor(io.stdout)));
    });
}
