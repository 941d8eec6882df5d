import { expect, test } from 'vitest';
import { parseExpression } from '../../lib/config/schedule-expression.ts';
import type { TriggersFile } from '../../lib/config/schema.ts';
import { CONFIG, NIGHTLY, NOW, templateOf, WATCHED } from './synthesized.ts';
import { brokenRules } from './template-rules.ts';

const SECOND_DAY = new Date('2026-12-10T12:34:00Z');
const [first] = NIGHTLY.schedules;
if (!first) throw new Error('the trigger has no schedule');
const RATE: TriggersFile = {
  ...WATCHED,
  triggers: {
    nightly: { ...NIGHTLY, schedules: [{ ...first, ...parseExpression('rate(6 hours)') }] },
  },
};

test.each([
  ['by default', CONFIG],
  ['with everything that can be watched', WATCHED],
  ['with a rate that starts', RATE],
])('%s a template can be deployed on its first and on its second day', (_, file) => {
  for (const now of [NOW, SECOND_DAY]) {
    expect(brokenRules(templateOf(file, undefined, now).toJSON(), now)).toEqual([]);
  }
});

test('a template of yesterday is not for today: its start is over', () => {
  expect(brokenRules(templateOf(RATE).toJSON(), SECOND_DAY)).toEqual([
    'SchedulesnightlyweekdaysE31075A9: it starts in the past: 2026-12-01T00:00:00Z',
  ]);
});

const resources = (Resources: object) => brokenRules({ Resources }, NOW);
const filter = { Type: 'AWS::Logs::MetricFilter' };

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
  [
    'six filters at once',
    Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`F${index}`, filter])),
    ['6 metric filters are created at once'],
  ],
])('%s is found', (_, template, broken) => {
  expect(resources(template)).toEqual(broken);
});
