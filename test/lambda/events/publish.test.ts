import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Publish, publisher } from '../../../lambda/events/publish.ts';
import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';
import { eventBridge } from '../../../lambda/runtime/aws.ts';
import {
  type LoopbackServer,
  readBody,
  sendJson,
  serveLoopback,
} from '../../../lib/local/server/http-server.ts';
import { awsAt } from '../../support/aws-at.ts';

/** What PutEvents was called with, and what it answers to the n-th entry of a call. */
let calls: Record<string, unknown>[][];
let answerTo: (index: number) => object;
let server: LoopbackServer;
let publish: Publish;

beforeAll(async () => {
  server = await serveLoopback(async (request, response) => {
    const { Entries } = JSON.parse(String(await readBody(request, 1e6)));
    calls.push(Entries);
    const answers = Entries.map((_: unknown, index: number) => answerTo(index));
    const FailedEntryCount = answers.filter((answer: object) => 'ErrorCode' in answer).length;
    sendJson(response, 200, { FailedEntryCount, Entries: answers });
  });
  publish = publisher(eventBridge(awsAt(server.url)), 'run-test-trigger');
});
afterAll(() => server.stop());
beforeEach(() => {
  calls = [];
  answerTo = () => ({ EventId: 'e' });
});

function event(index: number): ServiceEvent {
  return {
    version: 1,
    id: `nightly:missed:${index}`,
    kind: 'missed',
    trigger: 'nightly',
    firing: `nightly:command:${index}`,
    time: '2026-11-24T02:10:00.500Z',
    reasons: ['Nothing fired.'],
    repeated: false,
  };
}

test('an event goes to the bus with its detail type, its time and its whole self', async () => {
  await publish([event(0)]);
  expect(calls).toEqual([
    [
      {
        EventBusName: 'run-test-trigger',
        Source: 'run-test-trigger',
        DetailType: 'Schedule Missed',
        Time: 1_795_486_200.5,
        Detail: JSON.stringify(event(0)),
      },
    ],
  ]);
});

test('more than ten events go in calls of ten', async () => {
  await publish(Array.from({ length: 23 }, (_, index) => event(index)));
  expect(calls.map((entries) => entries.length)).toEqual([10, 10, 3]);
});

test('no event costs no call', async () => {
  await publish([]);
  expect(calls).toEqual([]);
});

test('an event that is not taken rejects, naming why, so that all are published again', async () => {
  answerTo = (index) =>
    index === 1
      ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'Slow down' }
      : { EventId: 'e' };
  await expect(publish([event(0), event(1), event(2)])).rejects.toThrow(
    'EventBridge did not take 1 of 3 events: ThrottlingException: Slow down',
  );
});
