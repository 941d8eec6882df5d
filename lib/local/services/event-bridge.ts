import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../../lambda/api/json.ts';
import { ACCOUNT, REGION } from '../assembly/account.ts';
import { parseInput, serveAwsJson } from '../server/aws-service.ts';

const requestSchema = z.object({
  Entries: z
    .array(
      z.object({
        EventBusName: z.string().default('default'),
        Source: z.string().min(1),
        DetailType: z.string().min(1),
        Detail: z.string(),
        Resources: z.array(z.string()).default([]),
        /** Epoch seconds. */
        Time: z.number().optional(),
      }),
    )
    .min(1)
    .max(10),
});

/** Serves EventBridge's PutEvents for the buses there are then to clients with one of the access keys. */
export function startEventBridge(
  accessKeyIds: readonly string[],
  buses: () => readonly string[],
  now: () => Date,
  deliver: (bus: string, event: EventEnvelope) => void,
) {
  return serveAwsJson(accessKeyIds, '1.1', {
    'AWSEvents.PutEvents': (input) => {
      const request = parseInput(requestSchema, input, 'ValidationException');
      const Entries = request.Entries.map((entry) => put(entry, buses(), now(), deliver));
      const FailedEntryCount = Entries.filter((entry) => 'ErrorCode' in entry).length;
      return { FailedEntryCount, Entries };
    },
  });
}

type Entry = z.infer<typeof requestSchema>['Entries'][number];

function put(
  entry: Entry,
  buses: readonly string[],
  now: Date,
  deliver: (bus: string, event: EventEnvelope) => void,
): object {
  const bus = entry.EventBusName;
  if (!buses.includes(bus)) {
    return {
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `Event bus ${bus} does not exist.`,
    };
  }
  const detail = parseJson(entry.Detail);
  if (typeof detail !== 'object' || detail === null) {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
  const event = envelopeOf(entry, detail, now);
  deliver(bus, event);
  return { EventId: event.id };
}

/** An event as a rule's target gets it. */
export type EventEnvelope = ReturnType<typeof envelopeOf>;

function envelopeOf({ Source, DetailType, Time, Resources }: Entry, detail: object, now: Date) {
  const time = Time === undefined ? now : new Date(Time * 1000);
  const resources: readonly string[] = Resources;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType,
    source: Source,
    account: ACCOUNT,
    time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
    region: REGION,
    resources,
    detail,
  };
}
