import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { beforeAll, expect, test } from 'vitest';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import { measure } from '../../lambda/runtime/log.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { watchSchedules } from '../../lambda/sweep/watch-schedules.ts';
import { trigger } from '../../lambda/trigger/trigger.ts';
import { parseExpression } from '../../lib/config/schedule-expression.ts';
import type { TriggersFile } from '../../lib/config/schema.ts';
import { startStandInApi } from '../../lib/local/stand-in/stand-in-api.ts';
import { addEventMetrics } from '../../lib/stack/event-metrics.ts';
import { forEachFunction } from '../../lib/stack/function-bundle.ts';
import { METRICS } from '../../lib/stack/metrics.ts';
import { captureLog } from '../support/captured-log.ts';
import { clockAt } from '../support/clock.ts';
import { configOf } from '../support/config-of.ts';
import { API_KEY, type Core, coreOn, NIGHTLY } from '../support/fixture.ts';
import { startMemoryLedger } from '../support/memory-ledger.ts';
import { startRemoteApi } from '../support/remote-api.ts';
import {
  emptyStack,
  NIGHTLY as NIGHTLY_ENTRY,
  propertiesOf,
  templateOf,
  WATCHED,
} from './synthesized.ts';

interface Filter {
  readonly FilterPattern: string;
  readonly MetricTransformations: readonly [
    { readonly MetricName: string; readonly MetricValue: string; readonly Dimensions?: unknown },
  ];
}

const watched = templateOf(WATCHED);
const filters: Filter[] = Object.values(propertiesOf(watched, 'AWS::Logs::MetricFilter'));

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

/** The filters that this asks for, of log groups that are there. */
function filtersFor(monitoring: TriggersFile['monitoring'], metrics: boolean): Template {
  const stack = emptyStack();
  const logGroup = LogGroup.fromLogGroupName(stack, 'Log', 'log');
  const logGroups = forEachFunction(() => logGroup);
  const triggers = { nightly: { ...NIGHTLY_ENTRY, metrics } };
  addEventMetrics(new Construct(stack, 'Metrics'), logGroups, { monitoring, triggers });
  return Template.fromStack(stack);
}

test('without a dashboard, only what an alarm watches is there, over all triggers', () => {
  const stack = filtersFor({ alarms: 'all', dashboard: false }, false);
  const found: Filter[] = Object.values(propertiesOf(stack, 'AWS::Logs::MetricFilter'));
  const transformations = found.map(({ MetricTransformations: [each] }) => each);
  expect([...new Set(transformations.map(({ MetricName }) => MetricName))]).toEqual([
    'rejected',
    'unresolved',
    'missed',
    'lost',
    'oldest_open_firing',
  ]);
  expect(transformations.filter(({ Dimensions }) => Dimensions)).toEqual([]);
});

test.each([
  ['the urgent alarms', 'urgent', false, false, 1],
  ['all alarms', 'all', false, false, 7],
  ['the urgent alarms and the dashboard', 'urgent', true, false, 33],
  ['all alarms and the dashboard', 'all', true, false, 33],
  ['the urgent alarms and a trigger that asks for metrics', 'urgent', false, true, 34],
  ['everything', 'all', true, true, 66],
] as const)('%s need so many filters', (_, alarms, dashboard, metrics, count) => {
  const stack = filtersFor({ alarms, dashboard }, metrics);
  stack.resourceCountIs('AWS::Logs::MetricFilter', count);
});

test('one filter is created after the other: five requests in a second are the most', () => {
  const found = watched.findResources('AWS::Logs::MetricFilter');
  const waiting = Object.values(found).map(({ DependsOn = [] }) => DependsOn);
  expect(waiting.flat().toSorted()).toEqual(
    Object.keys(found)
      .filter((id) => id !== lastOf(found))
      .toSorted(),
  );
  expect(waiting.filter((before) => before.length === 1)).toHaveLength(65);
});

/** The one for which none waits. */
function lastOf(found: Record<string, { DependsOn?: string[] }>): string | undefined {
  const before = Object.values(found).flatMap(({ DependsOn = [] }) => DependsOn);
  return Object.keys(found).find((id) => !before.includes(id));
}

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
  for (const [name, course] of Object.entries(COURSES)) {
    const standIn = await startStandInApi({
      runTests: new Map([[NIGHTLY.runTestId ?? '', [{ id: crypto.randomUUID(), name, rows: 4 }]]]),
      apiKey: () => API_KEY,
      courseOf: () => course,
      file: join(directory, `${name}.jsonl`),
      clock: { now: clock.now, sleep: () => Promise.reject(new Error('never')) },
    });
    const followed = { ...core, api: { ...core.api, baseUrl: standIn.url } };
    const { execution_id } = await fire(name, { follow: true }, followed);
    if (name === 'cancelled') {
      await fetch(`${standIn.url}/simulate/test-executions/${execution_id}/cancel/`, {
        method: 'POST',
        headers: { authorization: `Bearer ${API_KEY}` },
      });
    }
    await sweepAfter(2, followed);
    await sweepAfter(400, followed);
    await standIn.stop();
  }

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
