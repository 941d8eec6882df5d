import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Command } from '@commander-js/extra-typings';
import * as z from 'zod';
import { parseJson } from '../../lambda/api/json.ts';
import { InputError } from '../input-error.ts';
import type { Target } from '../target/target.ts';
import { connect } from './connect.ts';
import type { Io } from './io.ts';
import { answerDone, type Session } from './program.ts';

const EXAMPLES = `
The file holds one event as EventBridge gives it to a rule's target, or at least
its source, detail-type and detail. Each sending is a new event. Only AWS itself
may send events with a source of aws.… to a deployed stack.

Examples:
  rtt event send pipeline-succeeded.json
  rtt event send - --bus orders < order.json
`;

/** The command `event send`: one event on a bus, where the rules of triggers look at it. */
export function eventCommand(session: Session) {
  const send = new Command('send')
    .summary('send an event to a bus')
    .description('Sends an event to a bus; the triggers whose events match it fire.')
    .argument('<file>', 'the event, JSON; - is standard input')
    .option('--bus <name>', 'the event bus', 'default')
    .addHelpText('after', EXAMPLES)
    .action(async (file, { bus }) => {
      const event = readEvent(await read(file, session.io), file);
      const id = await putEvent(await connect(session), event, bus);
      answerDone(
        session,
        { id, bus },
        `Event ${id} is on the bus ${bus}: rtt history shows what it fires`,
      );
    });
  return new Command('event')
    .summary('send an event to EventBridge')
    .description('Sends events to EventBridge, to the local run or to AWS.')
    .addHelpText('after', EXAMPLES)
    .addCommand(send);
}

async function read(file: string, { stdin }: Io): Promise<string> {
  return file === '-' ? text(stdin) : readFileSync(file, 'utf8');
}

const eventSchema = z.object({
  source: z.string().min(1),
  'detail-type': z.string().min(1),
  detail: z.record(z.string(), z.unknown()),
  time: z.iso.datetime({ offset: true }).optional(),
  resources: z.array(z.string()).default([]),
});
type Event = z.infer<typeof eventSchema>;

function readEvent(content: string, file: string): Event {
  const { data, error } = eventSchema.safeParse(parseJson(content));
  if (data) return data;
  const [issue] = error.issues;
  const where = issue?.path.join('.') || 'the file';
  throw new InputError(
    `${file} is not an event: ${where}: ${issue?.message}. It needs source, detail-type and detail.`,
  );
}

async function putEvent(target: Target, event: Event, bus: string): Promise<string> {
  const client = new EventBridgeClient(target.client('eventBridge'));
  try {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: bus,
            Source: event.source,
            DetailType: event['detail-type'],
            Detail: JSON.stringify(event.detail),
            Resources: event.resources,
            ...(event.time !== undefined && { Time: new Date(event.time) }),
          },
        ],
      }),
    );
    const [{ EventId, ErrorCode, ErrorMessage } = {}] = Entries;
    if (EventId !== undefined) return EventId;
    throw new InputError(`EventBridge did not take the event: ${ErrorCode}: ${ErrorMessage}`);
  } finally {
    client.destroy();
  }
}
