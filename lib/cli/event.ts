import { Command } from '@commander-js/extra-typings';
import { putEvent, readEvent } from '../target/put-event.ts';
import { connect } from './connect.ts';
import { readInput } from './io.ts';
import { answerDone, type Session } from './program.ts';

const EXAMPLES = `
The file holds one event as EventBridge gives it to a rule's target, or at least
its source, detail-type and detail. Each sending is a new event. Only AWS itself
may send events with a source of aws.… to a deployed stack.

Examples:
  rtt event send pipeline-succeeded.json
  rtt event send - --bus orders < order.json
`;

/** `send` puts an event on a bus of a local run or a stack; exit code 2: not taken. `--json` prints `{ id, bus }`. */
export function command(session: Session) {
  const send = new Command('send')
    .summary('send an event to a bus')
    .description('Sends an event to a bus; the triggers whose events match it fire.')
    .argument('<file>', 'the event, JSON; - is standard input')
    .option('--bus <name>', 'the event bus', 'default')
    .addHelpText('after', EXAMPLES)
    .action(async (file, { bus }) => {
      const event = readEvent(await readInput(file, session.io), file);
      const id = await putEvent(await connect(session), event, bus);
      answerDone(
        session,
        { id, bus },
        `Event ${id} is on the bus ${bus}: ${session.typed('history')} shows what it fires`,
      );
    });
  return new Command('event')
    .description('Sends events to EventBridge, to the local run or to AWS.')
    .addHelpText('after', EXAMPLES)
    .addCommand(send);
}
