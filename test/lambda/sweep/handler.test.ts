import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { afterAll, expect, test, vi } from 'vitest';
import type { DeployedConfig } from '../../../lambda/config/deployed-config.ts';
import { type Published, summaryEventSchema } from '../../../lambda/firing/service-event.ts';
import { summaryTold } from '../../../lambda/notify/summary.ts';
import { messageOf } from '../../../lambda/notify/topic.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { readQuietHours, readSummaryTime } from '../../../lib/config/notify-schema.ts';
import { startEventBridge } from '../../../lib/local/services/event-bridge.ts';
import { startSecretsManager } from '../../../lib/local/services/secrets-manager.ts';
import { startStandInApi } from '../../../lib/local/stand-in/stand-in-api.ts';
import { bundleFunction } from '../../../lib/stack/function-bundle.ts';
import { captureLog } from '../../support/captured-log.ts';
import { API_KEY, coreOn, NIGHTLY } from '../../support/fixture.ts';
import { failing, PERFECT, RUN_TEST, SCENARIO } from '../../support/follow-world.ts';
import { startHttpLedger } from '../../support/memory-ledger.ts';

const FAULT = (message: string) => expect.fail(message);
const TIMING = {
  name: 'summary',
  timezone: 'Europe/Berlin',
  flexibleWindowMinutes: 0,
  enabled: true,
};
const followed = { ...NIGHTLY, follow: true };
const config: DeployedConfig = {
  apiKeySecret: 'api-key',
  retentionDays: 90,
  hasDashboard: false,
  notify: ['failed'],
  summary: { ...TIMING, ...(readSummaryTime('daily 08:00', FAULT) ?? expect.fail()) },
  quietHours: {
    ...(readQuietHours('22:00-07:00', FAULT) ?? expect.fail()),
    timezone: TIMING.timezone,
  },
  repeatAfterMinutes: 720,
  timezone: TIMING.timezone,
  triggers: { nightly: followed, checkout: followed },
};
const stops: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  for (const stop of stops) await stop();
});

/** The sweep's function as it is deployed, on the AWS services and the API of a local run. */
async function startHandler() {
  const now = () => new Date();
  const published: Published[] = [];
  const memory = await startHttpLedger();
  const secrets = await startSecretsManager('key', () => API_KEY);
  const buses = () => ['bus'];
  const events = await startEventBridge(['key'], buses, now, (_, { detail }) => {
    published.push(detail as Published);
  });
  const begun = new Set<string>();
  const api = await startStandInApi({
    runTests: new Map([[RUN_TEST, [{ ...SCENARIO, rows: 10 }]]]),
    apiKey: () => API_KEY,
    courseOf: ({ id }) => (begun.add(id).values().next().value === id ? PERFECT : failing(3)),
    file: join(mkdtempSync(join(tmpdir(), 'sweep-')), 'executions.jsonl'),
    clock: { now, sleep: () => Promise.reject(new Error('never')) },
  });
  stops.push(api.stop, secrets.stop, memory.stop);
  const environment = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'key',
    AWS_ENDPOINT_URL_DYNAMODB: memory.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: events.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    LEDGER_TABLE: memory.table,
    EVENT_BUS: 'bus',
    API_BASE_URL: api.url,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const directory = mkdtempSync(join(tmpdir(), 'sweep-function-'));
  bundleFunction('sweep', directory, config);
  const { handler }: typeof import('../../../lambda/sweep/handler.ts') = await import(
    join(directory, 'handler.mjs')
  );
  const context = { getRemainingTimeInMillis: () => 50_000 } as Context;
  return {
    published,
    stopEvents: events.stop,
    sweepAt: (iso: string) => {
      vi.setSystemTime(iso);
      return handler({}, context);
    },
    fire: (name: string) => {
      const core = coreOn(memory, api, { now });
      const request = { trigger: name, requestId: 'night' };
      return trigger(request, config.triggers, core, new Date(Date.now() + 60_000));
    },
  };
}

test('a night is told by the sweep: what waited at seven, and what ran at eight; without the bus it goes on', async () => {
  const log = captureLog();
  vi.useFakeTimers({ now: new Date('2026-11-24T00:00:00Z'), toFake: ['Date'] });
  const { sweepAt, fire, published, stopEvents } = await startHandler();
  await sweepAt('2026-11-24T00:01:00Z');
  await fire('nightly');
  await fire('checkout');
  await sweepAt('2026-11-24T00:03:00Z');
  await sweepAt('2026-11-24T00:05:00Z');
  await sweepAt('2026-11-24T06:00:00Z');
  await sweepAt('2026-11-24T07:01:00Z');
  await sweepAt('2026-11-24T07:02:00Z');
  const waiting = published.map((event) =>
    'told_in' in event ? [event.kind, event.told_in] : event.kind,
  );
  expect(waiting.slice(0, 4).sort()).toEqual([
    ['failed', 'quiet/2026-11-24T06:00:00Z'],
    'passed',
    'started',
    'started',
  ]);
  expect(waiting.slice(4)).toEqual(['several', 'summary']);
  const summary = summaryEventSchema.parse(published.at(-1));
  const told = summaryTold(summary, { service: 'run-test-trigger', timezone: TIMING.timezone });
  expect(messageOf(told, 'run-test-trigger').email).toMatchInlineSnapshot(`
    "2 runs since the last summary: 1 passed, 1 failed

    By trigger
    - checkout: 1 failed (0 % passed), 0.96 USD in 1 of 1 run
    - nightly: 1 passed (100 % passed)

    From       Tue 2026-11-24 01:01 Europe/Berlin (00:01 UTC)
    Until      Tue 2026-11-24 08:00 Europe/Berlin (07:00 UTC)
    Cost       0.96 USD in 1 of 2 runs
    "
  `);
  await stopEvents();
  await sweepAt('2026-11-25T07:01:00Z');
  expect(log.at(-1)).toEqual({
    event: 'tell_failed',
    subject: 'summary',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});
