import { Command } from '@commander-js/extra-typings';
import * as z from 'zod';
import { isState, type State } from '../../lambda/firing/states.ts';
import type { Redriven } from '../target/dead-letter-queue.ts';
import { redrive } from '../target/dead-letter-queue.ts';
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
recorded as expired. What fails again stays in the queue.

Examples:
  rtt redrive
  rtt redrive --stage staging --json

Exit codes: 0 the queues are empty now, 1 some messages are still there
`;

export function redriveCommand(session: Session) {
  return new Command('redrive')
    .summary('redrive the dead-letter queues')
    .description('Gives every event in the dead-letter queues back to its function.')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const { io, options } = session;
      const target = await connect(session);
      const style = styleFor(io.stdout);
      const { json } = options();
      const results: Redriven[] = [];
      for (const queue of target.deadLetterQueues) {
        for await (const result of redrive(target, queue)) {
          results.push(result);
          if (!json) io.stdout.write(format(result, style));
        }
      }
      const failed = results.filter(({ kind }) => kind === 'failed').length;
      io.exitCode = failed > 0 ? EXIT.failed : EXIT.ok;
      answer(session, results, () => summary(results.length, failed));
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
  const { data: report } = reportSchema.safeParse(result.answer);
  if (!report) return `${style('green', '✓ done')}   ${event}\n`;
  const { firing, state, message, duplicate } = report;
  const again = duplicate ? style('dim', ' (duplicate)') : '';
  const reason = message === undefined ? '' : `\n  ${oneLine(message)}`;
  return `${style('green', '✓')} ${style('bold', firing)}  ${colored({ state }, state, style)}${again}${reason}\n`;
}

function summary(count: number, failed: number): string {
  if (count === 0) return 'The dead-letter queues are empty.\n';
  return `${count - failed} of ${count} redriven${failed > 0 ? `; ${failed} stay in the queue` : ''}.\n`;
}
