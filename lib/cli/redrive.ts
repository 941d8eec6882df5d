import { Command } from '@commander-js/extra-typings';
import * as z from 'zod';
import { isState, type State } from '../../lambda/firing/states.ts';
import { discard, type Redriven, redrive } from '../target/dead-letter-queue.ts';
import { confirm } from './confirm.ts';
import { connect } from './connect.ts';
import { colored } from './firing-style.ts';
import { EXIT } from './io.ts';
import { answer, type Session } from './program.ts';
import { type Style, styleFor } from './style.ts';
import { oneLine } from './text.ts';

const EXAMPLES = `
An event ends in a dead-letter queue when it could not be recorded. After the
redrive it is a firing like any other: if it was recorded after all, it is
reported as a duplicate and starts nothing; if its start deadline is over, it is
recorded as expired. What fails again stays in the queue, and each message is
tried once. --discard removes every message and starts nothing.

Examples:
  rtt redrive
  rtt redrive --stage staging --json
  rtt redrive --discard              lists what it removes, after it has asked

Exit codes: 0 the queues are empty now, 1 some messages are still there
`;

/**
 * Empties the queues of a local run or a stack. A message leaves its queue after the function took it, so one can be
 * given twice; the ledger makes that a duplicate. `--json` prints an array when all is done.
 */
export function command(session: Session) {
  return new Command('redrive')
    .description('Gives every event in the dead-letter queues back to its function.')
    .addHelpText('after', EXAMPLES)
    .option('--discard', 'remove every message instead, and start nothing')
    .option('--yes', 'discard without asking')
    .action(async ({ discard: isDiscarded, yes }) => {
      const { io, options } = session;
      const target = await connect(session);
      if (isDiscarded && !(await confirm('Remove every dead letter?', yes, io))) {
        io.stderr.write('Nothing was removed.\n');
        return;
      }
      const empty = isDiscarded ? discard : redrive;
      const style = styleFor(io.stdout);
      const { json } = options();
      const results: Redriven[] = [];
      for (const queue of target.deadLetterQueues) {
        for await (const result of empty(target, queue)) {
          results.push(result);
          if (!json) io.stdout.write(format(result, style));
        }
      }
      const failed = results.filter(({ kind }) => kind === 'failed').length;
      io.exitCode = failed > 0 ? EXIT.failed : EXIT.ok;
      const done = isDiscarded ? 'discarded' : 'redriven';
      answer(session, results, () => summary(results.length, failed, done));
    });
}

const reportSchema = z.object({
  firing: z.string(),
  state: z.custom<State>(isState),
  message: z.string().optional(),
  duplicate: z.boolean().optional(),
});

function format(result: Redriven, style: Style): string {
  const event = JSON.stringify(result.event);
  if (result.kind === 'failed')
    return `${style('red', '✗ stays')}  ${event}\n  ${oneLine(result.reason)}\n`;
  if (result.kind === 'discarded') return `${style('yellow', '✗ removed')}  ${event}\n`;
  const { data: report } = reportSchema.safeParse(result.answer);
  if (!report) return `${style('green', '✓ done')}   ${event}\n`;
  const { firing, state, message, duplicate } = report;
  const again = duplicate ? style('dim', ' (duplicate)') : '';
  const reason = message === undefined ? '' : `\n  ${oneLine(message)}`;
  return `${style('green', '✓')} ${style('bold', firing)}  ${colored({ state }, state, style)}${again}${reason}\n`;
}

function summary(count: number, failed: number, done: string): string {
  if (count === 0) return 'The dead-letter queues are empty.\n';
  return `${count - failed} of ${count} ${done}${failed > 0 ? `; ${failed} stay in the queue` : ''}.\n`;
}
