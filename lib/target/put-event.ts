import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { parseJson } from '../../lambda/api/json.ts';
import { InputError } from '../input-error.ts';
import type { Target } from './target.ts';
import { withClient } from './with-client.ts';

const eventSchema = z.object({
  source: z.string().min(1),
  'detail-type': z.string().min(1),
  detail: z.record(z.string(), z.unknown()),
  time: z.iso.datetime({ offset: true }).optional(),
  resources: z.array(z.string()).default([]),
});

/** An event as a rule's target gets it, or at least its source, detail-type and detail. */
export type Event = z.infer<typeof eventSchema>;

/** Reads an event; `file` is where it stands, for the InputError where it is none. */
export function readEvent(content: string, file: string): Event {
  const event = parseJson(content);
  const missing = event === undefined ? 'it is not JSON' : 'it is missing';
  const { data, error } = eventSchema.safeParse(event, {
    error: ({ input }) => (input === undefined ? missing : undefined),
  });
  if (data) return data;
  const [issue] = error.issues;
  const where = issue?.path.join('.') || 'the file';
  throw new InputError(
    `${file} is not an event: ${where}: ${issue?.message}. It needs source, detail-type and detail.`,
  );
}

/** Puts an event on a bus and returns its id. Throws InputError where EventBridge does not take it. */
export async function putEvent(target: Target, event: Event, bus: string): Promise<string> {
  const entry = {
    EventBusName: bus,
    Source: event.source,
    DetailType: event['detail-type'],
    Detail: JSON.stringify(event.detail),
    Resources: event.resources,
    ...(event.time !== undefined && { Time: new Date(event.time) }),
  };
  const eventBridge = new EventBridgeClient(target.client('eventBridge'));
  const { Entries = [] } = await withClient(eventBridge, (client) =>
    client.send(new PutEventsCommand({ Entries: [entry] })),
  );
  const [{ EventId, ErrorCode, ErrorMessage } = {}] = Entries;
  if (EventId !== undefined) return EventId;
  const where =
    ErrorCode === 'ResourceNotFoundException'
      ? ' The bus of a trigger is in its events in triggers.yaml.'
      : '';
  throw new InputError(`EventBridge did not take the event: ${ErrorCode}: ${ErrorMessage}${where}`);
}
