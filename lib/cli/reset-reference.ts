import { Command } from '@commander-js/extra-typings';
import { sendCommand } from '../target/invoke.ts';
import { connect, personAt } from './connect.ts';
import { reasonOption } from './option-values.ts';
import { answerDone, type Session } from './program.ts';

const EXAMPLES = `
With noWorseThan, a run is compared with the last ones of the same scenarios.
After a change that makes the agent or its test different on purpose, this
begins anew: the next run has nothing to be compared with.

Examples:
  rtt reset-reference nightly-regression --reason "stricter tone check"
`;

/** Changes the ledger of a local run or a stack; past verdicts stay. `--json` prints `{ since }`. */
export function command(session: Session) {
  return new Command('reset-reference')
    .description('Forgets the runs of a trigger that its next runs would be compared with.')
    .argument('<trigger>', 'the trigger')
    .addOption(reasonOption('why; it stays in the log'))
    .addHelpText('after', EXAMPLES)
    .action(async (trigger, { reason }) => {
      const target = await connect(session);
      const by = await personAt(target, session.io);
      const order = { command: 'reset-reference', trigger, by, reason } as const;
      const reset = await sendCommand(target, order);
      answerDone(session, reset, `${trigger} is not compared with its earlier runs any more`);
    });
}
