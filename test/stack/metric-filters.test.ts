import { Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { expect, test } from 'vitest';
import type { TriggersFile } from '../../lib/config/schema.ts';
import { addEventMetrics } from '../../lib/stack/event-metrics.ts';
import { forEachFunction } from '../../lib/stack/function-bundle.ts';
import { emptyStack, NIGHTLY, propertiesOf, templateOf, WATCHED } from './synthesized.ts';

/** The filters that this asks for, of log groups that are there. */
function filtersFor(monitoring: TriggersFile['monitoring'], metrics: boolean): Template {
  const stack = emptyStack();
  const logGroup = LogGroup.fromLogGroupName(stack, 'Log', 'log');
  const logGroups = forEachFunction(() => logGroup);
  const triggers = { nightly: { ...NIGHTLY, metrics } };
  addEventMetrics(new Construct(stack, 'Metrics'), logGroups, { monitoring, triggers });
  return Template.fromStack(stack);
}

test('without a dashboard, only what an alarm watches is there, over all triggers', () => {
  const stack = filtersFor({ alarms: 'all', dashboard: false }, false);
  const found = Object.values(propertiesOf(stack, 'AWS::Logs::MetricFilter'));
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
  const found = templateOf(WATCHED).findResources('AWS::Logs::MetricFilter');
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
