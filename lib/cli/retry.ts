import { Command } from '@commander-js/extra-typings';
import { isRetryable } from '../../lambda/start/retry.ts';
import { newRequestId } from '../request-id.ts';
import { sendCommand } from '../target/invoke.ts';
import { retryRefusal } from '../views/refusals.ts';
import { openService, personAt } from './connect.ts';
import { EXIT } from './io.ts';
import { reasonOption } from './option-values.ts';
import type { Session } from './program.ts';
import { withSpinner } from './progress.ts';
import { answerFiring } from './show.ts';

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

/**
 * Changes the firing in a local run or a stack. Exit code 0 started, 2 it cannot be sent again, 3 not started or in
 * doubt. `--json` prints the firing.
 */
export function command(session: Session) {
  return new Command('retry')
    .description('Sends a firing again that waits for the decision of a person.')
    .argument('<firing>', 'its id or short id, or the beginning of one, or last')
    .addOption(reasonOption('why; it stays in the firing'))
    .option('--send-anyway', 'send it where the list cannot tell if it started; it may run twice')
    .addHelpText('after', EXAMPLES)
    .action(async (reference, { reason, sendAnyway }) => {
      const { io } = session;
      const { target, config, firing: find } = await openService(session);
      const found = await find(reference);
      const { id } = found;
      if (!isRetryable(found)) throw retryRefusal(id, { kind: 'wrong-state', firing: found });
      const by = await personAt(target, io);
      const risk = sendAnyway ? ' even if it may have started: then it runs twice' : '';
      io.stderr.write(`Asking to send ${id} again, as ${by}${risk}.\n`);
      const order = { firing: id, requestId: newRequestId(), by, reason, sendAnyway };
      const sent = sendCommand(target, { command: 'retry', ...order });
      const result = await withSpinner(io, `Sending ${id}`, sent);
      if (result.kind !== 'retried') throw retryRefusal(id, result);
      const { firing } = result;
      io.exitCode = firing.state === 'started' ? EXIT.ok : EXIT.notStarted;
      answerFiring(session, firing, config);
    });
}
