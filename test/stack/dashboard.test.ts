import { expect, test } from 'vitest';
import { METRICS } from '../../lib/stack/metrics.ts';
import { CONFIG, propertiesOf, templateOf, WATCHED } from './synthesized.ts';

const template = templateOf(WATCHED, 'staging');

interface Body {
  widgets: { type: string; properties: { title?: string; metrics?: [string, string][] } }[];
}

const dashboard = () => bodyOf(template);

/** The dashboard as CloudWatch gets it, each reference written as its logical id. */
function bodyOf(of: typeof template): Body {
  const [properties] = Object.values(propertiesOf(of, 'AWS::CloudWatch::Dashboard'));
  const parts: unknown[] = properties?.DashboardBody['Fn::Join'][1];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'REFERENCE')).join('');
  return JSON.parse(text);
}

test('the dashboard answers these questions, in this order', () => {
  expect(dashboard().widgets.map(({ properties }) => properties.title)).toEqual([
    'Did it run?',
    'Did it pass?',
    'Last results',
    'Each trigger',
    'Problems',
    'What is open? (firings)',
    'Oldest open firing (seconds)',
    'Time to start (milliseconds)',
    'Firings',
    'Did it run? (triggers with metrics: true)',
    'Did it pass? (triggers with metrics: true)',
    'What is open? (firings) (triggers with metrics: true)',
    'Oldest open firing (seconds) (triggers with metrics: true)',
    'Time to start (milliseconds) (triggers with metrics: true)',
    'Firings (triggers with metrics: true)',
    'Alarms',
  ]);
});

test('where no trigger asks for metrics, it has those of all together', () => {
  const body = bodyOf(templateOf({ ...CONFIG, monitoring: WATCHED.monitoring }));
  expect(body.widgets).toHaveLength(10);
  const all = body.widgets.flatMap(({ properties: { metrics = [] } }) => metrics);
  expect(all.map(([, name]) => name).toSorted()).toEqual(Object.keys(METRICS).toSorted());
});

test('by default there is none', () => {
  templateOf().resourceCountIs('AWS::CloudWatch::Dashboard', 0);
});

test('every metric is on it, for every trigger that asks for it', () => {
  const searches = [...JSON.stringify(dashboard()).matchAll(/SEARCH\('(.+?)', '(\w+)', (\d+)\)/g)];
  const names = searches.map(([, search = '']) => {
    const [, name = ''] =
      /^{\\"run-test-trigger-staging\\",trigger} MetricName=\\"(\w+)\\"$/.exec(
        search.replaceAll('\\\\\\', '\\'),
      ) ?? [];
    return name;
  });
  expect(names.toSorted()).toEqual(Object.keys(METRICS).toSorted());
});

test('the queries are saved under the name of the stack', () => {
  const queries = Object.values(propertiesOf(template, 'AWS::Logs::QueryDefinition'));
  expect(Object.fromEntries(queries.map(({ Name, QueryString }) => [Name, QueryString]))).toEqual({
    'run-test-trigger-staging/Last results':
      'fields @timestamp, message.trigger as trigger, message.result as result, message.status as status, message.success_rate as success_rate, message.total_calls as total_calls, message.failed_calls as failed_calls, message.firing as firing\n| filter message.event in ["execution_finished"]\n| sort @timestamp desc\n| limit 50',
    'run-test-trigger-staging/Each trigger': expect.stringContaining(
      '\n| stats count(*) as times, latest(@timestamp) as last by message.trigger, message.event, message.result\n',
    ),
    'run-test-trigger-staging/Problems': expect.stringContaining(
      '| filter message.event in ["start_rejected", "start_unresolved", ',
    ),
    'run-test-trigger-staging/One firing':
      'fields @timestamp, message.event, @message\n| filter message.firing = "PUT THE FIRING HERE"\n| sort @timestamp asc\n| limit 1000',
    'run-test-trigger-staging/Refused deliveries':
      'filter message.event in ["delivery_refused", "webhook_secret_rejected"]\n| stats count(*) as deliveries, latest(@timestamp) as last by message.trigger, message.message\n| sort deliveries desc',
    'run-test-trigger-staging/Errors':
      'fields @timestamp, @log, @message\n| filter level = "ERROR" or record.status in ["error", "failure", "timeout"]\n| sort @timestamp desc\n| limit 100',
  });
});
