import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import { measure } from '../../lambda/runtime/log.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { watchSchedules } from '../../lambda/sweep/watch-schedules.ts';
import { trigger } from '../../lambda/trigger/trigger.ts';
import { parseExpression } from '../../lib/config/schedule-expression.ts';
import { startStandInApi } from '../../lib/local/stand-in/stand-in-api.ts';
import { METRICS } from '../../lib/stack/metrics.ts';
import { captureLog } from '../support/captured-log.ts';
import { clockAt } from '../support/clock.ts';
import { configOf } from '../support/config-of.ts';
import { API_KEY, type Core, coreOn, NIGHTLY } from '../support/fixture.ts';
import { startMemoryLedger } from '../support/memory-ledger.ts';
import { startRemoteApi } from '../support/remote-api.ts';
import { propertiesOf, templateOf, WATCHED } from './synthesized.ts';

interface Filter {
  readonly FilterPattern: string;
  readonly MetricTransformations: readonly [
    { readonly MetricName: string; readonly MetricValue: string; readonly Dimensions?: unknown },
  ];
}

const filters: Filter[] = Object.values(
  propertiesOf(templateOf(WATCHED), 'AWS::Logs::MetricFilter'),
);

function filterOf(metric: string): Filter | undefined {
  return filters.find(
    ({ MetricTransformations: [{ MetricName, Dimensions }] }) =>
      MetricName === metric && Dimensions,
  );
}

test.each([
  [
    'started',
    '{ (($.message.event = "execution_started") || ($.message.event = "execution_adopted")) && ($.message.measured IS TRUE) }',
    { MetricValue: '1', Unit: 'Count' },
  ],
  [
    'failed',
    '{ ($.message.event = "execution_finished") && ($.message.result = "failed") && ($.message.measured IS TRUE) }',
    { MetricValue: '1', Unit: 'Count' },
  ],
  [
    'inconclusive',
    '{ (($.message.event = "execution_finished") || ($.message.event = "execution_unfollowed")) && ($.message.result = "inconclusive") && ($.message.measured IS TRUE) }',
    { MetricValue: '1', Unit: 'Count' },
  ],
  [
    'start_latency',
    '{ ($.message.event = "execution_started") && ($.message.measured IS TRUE) }',
    { MetricValue: '$.message.latency_ms', Unit: 'Milliseconds' },
  ],
  [
    'oldest_open_firing',
    '{ ($.message.event = "firings_counted") && ($.message.measured IS TRUE) }',
    { MetricValue: '$.message.oldest_age_s', Unit: 'Seconds' },
  ],
])('%s of a trigger is read from the log like this', (metric, FilterPattern, transformation) => {
  expect(filterOf(metric)).toMatchObject({
    FilterPattern,
    MetricTransformations: [
      {
        MetricNamespace: 'run-test-trigger',
        Dimensions: [{ Key: 'trigger', Value: '$.message.trigger' }],
        ...transformation,
      },
    ],
  });
});

/** What the metric filter makes of a log line: undefined when it does not match. */
function measured(
  { FilterPattern, MetricTransformations: [{ MetricValue }] }: Filter,
  entry: Entry,
) {
  const matches = FilterPattern.split('&&').every((alternatives) =>
    [...alternatives.matchAll(/\$\.message\.(\w+) (?:= "(\w+)"|IS TRUE)/g)].some(
      ([, field = '', value = true]) => entry[field] === value,
    ),
  );
  if (!matches || typeof entry.trigger !== 'string') return undefined;
  const [, field] = /^\$\.message\.(\w+)$/.exec(MetricValue) ?? [];
  return field === undefined ? Number(MetricValue) : entry[field];
}

type Entry = Record<string, unknown>;

test('every metric has a value from a log line of the real functions', () => {
  const log = everythingThatHappens;
  const values = Object.keys(METRICS).map((metric) => {
    const filter = filterOf(metric);
    const found =
      filter && log.map((entry) => measured(filter, entry)).filter((value) => value !== undefined);
    return [metric, found?.every((value) => typeof value === 'number') && found.length > 0];
  });
  expect(Object.fromEntries(values)).toEqual(
    Object.fromEntries(Object.keys(METRICS).map((metric) => [metric, true])),
  );
});

const COURSES = {
  passes: { failures: () => 0, ends: 'COMPLETED' },
  fails: { failures: (calls: number) => calls, ends: 'COMPLETED' },
  cancelled: { failures: () => 0, ends: 'never' },
  hangs: { failures: () => 0, ends: 'never' },
} as const;

let everythingThatHappens: Entry[];
beforeAll(async () => {
  const log = captureLog();
  const names = ['well', 'overlapping', 'other-scenarios', 'refused', 'answer-lost'];
  measure([...names, 'never-created', 'throttled', ...Object.keys(COURSES), 'dead']);
  const memory = await startMemoryLedger();
  const clock = clockAt('2026-11-24T02:00:00Z');
  const until = () => new Date(clock.now().getTime() + 90_000);
  const api = await startRemoteApi({ now: clock.now });
  const core = coreOn(memory, api, clock);
  const fire = (
    name: string,
    settings: Partial<Trigger> = {},
    at: Core = core,
    requestId = 'once',
  ) => trigger({ trigger: name, requestId }, { [name]: { ...NIGHTLY, ...settings } }, at, until());
  const sweepAfter = async (minutes: number, at: Core = core) => {
    clock.advance(minutes);
    await sweep(at, until());
  };

  await fire('well');
  await fire('well');
  await fire('overlapping', { overlap: 'skip', follow: true });
  await fire('overlapping', { overlap: 'skip', follow: true }, core, 'twice');
  await fire('other-scenarios', {
    execute: { selectAll: false, scenarioIds: ['00000000-0000-4000-8000-000000000000'] },
  });
  api.treatment = ({ response }) => response.writeHead(403).end('{"detail":"No"}');
  await fire('refused');
  api.treatment = ({ request, create }) => {
    create();
    request.socket.destroy();
  };
  await fire('answer-lost');
  await sweepAfter(1);
  api.treatment = ({ request }) => request.socket.destroy();
  await fire('never-created');
  api.treatment = ({ response }) => response.writeHead(429).end();
  await fire('throttled');
  await sweepAfter(1);
  await sweepAfter(20);
  await sweepAfter(1);

  const directory = mkdtempSync(join(tmpdir(), 'metrics-'));
  const runTests = Object.entries(COURSES).map(([name, course]) => ({
    name,
    course,
    id: crypto.randomUUID(),
  }));
  const standIn = await startStandInApi({
    runTests: new Map(
      runTests.map(({ id, name }) => [id, [{ id: crypto.randomUUID(), name, rows: 4 }]]),
    ),
    apiKey: () => API_KEY,
    courseOf: ({ runTestId }) =>
      runTests.find(({ id }) => id === runTestId)?.course ?? expect.fail('No such run test'),
    file: join(directory, 'stand-in.jsonl'),
    clock: { now: clock.now, sleep: () => Promise.reject(new Error('never')) },
  });
  const followed = { ...core, api: { ...core.api, baseUrl: standIn.url } };
  for (const { name, id } of runTests) {
    const { execution_id } = await fire(name, { follow: true, runTestId: id }, followed);
    if (name !== 'cancelled') continue;
    await fetch(`${standIn.url}/simulate/test-executions/${execution_id}/cancel/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}` },
    });
  }
  await sweepAfter(2, followed);
  await sweepAfter(400, followed);
  await standIn.stop();

  const schedules = [
    {
      name: 'daily',
      ...parseExpression('rate(1 day)'),
      timezone: 'UTC',
      start: '2026-11-20T00:00:00Z',
      flexibleWindowMinutes: 0,
      enabled: true,
    },
  ];
  for (const minutes of [0, 2_000]) {
    clock.advance(minutes);
    await watchSchedules(configOf({ dead: { ...NIGHTLY, schedules } }), core);
  }
  rmSync(directory, { recursive: true });
  everythingThatHappens = log;
  await Promise.all([memory.stop(), api.stop()]);
});
