import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveAwsJson } from '../../lib/local/server/aws-service.ts';
import type { LoopbackServer } from '../../lib/local/server/http-server.ts';
import { readLogs } from '../../lib/target/logs.ts';
import type { Target } from '../../lib/target/target.ts';

const asked: unknown[] = [];
let logs: LoopbackServer;
beforeAll(async () => {
  logs = await serveAwsJson(['key'], '1.1', {
    'Logs_20140328.FilterLogEvents': (input: unknown) => {
      asked.push(input);
      const { logGroupName, nextToken } = Object(input);
      if (logGroupName === '/sweep') return { events: [event('3', 1_000)] };
      return nextToken === undefined
        ? { events: [event('1', 2_000)], nextToken: 'more' }
        : { events: [event('2', 3_000)] };
    },
  });
});
afterAll(() => logs.stop());

function event(eventId: string, timestamp: number) {
  return { eventId, timestamp, message: `{"n":${eventId}}\n` };
}

function target(): Target {
  return {
    kind: 'deployed',
    name: 'stack',
    isStandIn: false,
    commandFunction: '',
    webhookUrl: () => '',
    functions: async () => [],
    ledgerTable: '',
    tags: [],
    deadLetterQueues: [],
    logs: { kind: 'groups', groups: { trigger: '/trigger', sweep: '/sweep' } },
    client: () => ({
      region: 'us-east-1',
      endpoint: logs.url,
      credentials: { accessKeyId: 'key', secretAccessKey: 'any' },
    }),
  };
}

test('every page of every function is read, oldest first', async () => {
  const since = new Date(500);
  expect(await readLogs(target(), { since })).toEqual([
    { id: '3', time: new Date(1_000), source: 'sweep', line: '{"n":3}' },
    { id: '1', time: new Date(2_000), source: 'trigger', line: '{"n":1}' },
    { id: '2', time: new Date(3_000), source: 'trigger', line: '{"n":2}' },
  ]);
  expect(asked).toContainEqual({ logGroupName: '/sweep', startTime: 500 });
});

test('CloudWatch Logs chooses the lines about a trigger and a firing', async () => {
  asked.length = 0;
  await readLogs(target(), {
    since: new Date(0),
    trigger: 'nightly',
    firing: 'nightly:command:"1',
  });
  expect(asked).toContainEqual({
    logGroupName: '/sweep',
    startTime: 0,
    filterPattern: '{ $.message.trigger = "nightly" && $.message.firing = "nightly:command:\\"1" }',
  });
});
