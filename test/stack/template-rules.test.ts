import { expect, test } from 'vitest';
import { parseExpression } from '../../lib/config/schedule-expression.ts';
import type { TriggersFile } from '../../lib/config/schema.ts';
import { CONFIG, NIGHTLY, NOW, SECOND_DAY, templateOf, WATCHED } from './synthesized.ts';
import { brokenRules } from './template-rules.ts';

const [first] = NIGHTLY.schedules;
if (!first) throw new Error('the trigger has no schedule');
const RATE: TriggersFile = {
  ...WATCHED,
  triggers: {
    ...WATCHED.triggers,
    rate: { ...NIGHTLY, schedules: [{ ...first, ...parseExpression('rate(6 hours)') }] },
  },
};

test.each([
  ['by default', CONFIG],
  ['with everything that can be watched, and a rate that starts,', RATE],
])('%s a template can be deployed on its first and on its second day', (_, file) => {
  for (const now of [NOW, SECOND_DAY]) {
    expect(brokenRules(templateOf(file, undefined, now).toJSON(), now)).toEqual([]);
  }
});

test('a template of yesterday is not for today: its start is over', () => {
  expect(brokenRules(templateOf(CONFIG).toJSON(), SECOND_DAY)).toEqual([
    'SchedulesnightlyweekdaysE31075A9: it starts in the past: 2026-12-01T00:00:00Z',
  ]);
});

const resources = (Resources: object) => brokenRules({ Resources }, NOW);
const many = (count: number, type: string) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${type}${index}`, { Type: `AWS::${type}` }]),
  );
const chain = (count: number, type: string) =>
  Object.fromEntries(
    Object.entries(many(count, type)).map(([id, resource], index) => [
      id,
      index === 0 ? resource : { ...resource, DependsOn: [`${type}${index - 1}`] },
    ]),
  );
const atOnce = (what: string, most: number) => [`${what} are created at once, ${most} may be`];

test.each([
  [
    'a secret of the stack',
    { Key: { Type: 'AWS::SecretsManager::Secret' } },
    ['Key: the stack creates AWS::SecretsManager::Secret'],
  ],
  [
    'a queue with a name that stays',
    {
      Letters: {
        Type: 'AWS::SQS::Queue',
        DeletionPolicy: 'RetainExceptOnCreate',
        Properties: { QueueName: 'letters' },
      },
    },
    ['Letters: it stays, and its QueueName is fixed'],
  ],
  [
    'a log group that a failed creation leaves',
    { Log: { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'Retain' } },
    ['Log: it stays when its creation is rolled back'],
  ],
  [
    'an expression that is too long',
    {
      Night: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: { ScheduleExpression: `cron(${'0,'.repeat(130)}0 * * ? *)` },
      },
    },
    ['Night: ScheduleExpression is longer than 256 characters'],
  ],
  ['six filters', many(6, 'Logs::MetricFilter'), atOnce('6 of AWS::Logs::MetricFilter', 5)],
  [
    'eleven groups',
    many(11, 'Scheduler::ScheduleGroup'),
    atOnce('11 of AWS::Scheduler::ScheduleGroup', 10),
  ],
  [
    '251 schedules',
    many(251, 'Scheduler::Schedule'),
    atOnce('251 of AWS::Scheduler::Schedule', 250),
  ],
  ['26 rules', many(26, 'Events::Rule'), atOnce('26 of AWS::Events::Rule', 25)],
  ['as many as may be', { ...many(5, 'Logs::MetricFilter'), ...many(25, 'Events::Rule') }, []],
  ['six filters in a chain', chain(6, 'Logs::MetricFilter'), []],
])('%s: what is wrong is found', (_, template, broken) => {
  expect(resources(template)).toEqual(broken);
});
