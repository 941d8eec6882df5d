import { expect, test } from 'vitest';
import { propertiesOf, templateOf } from './synthesized.ts';

test('an execution that runs other scenarios than asked for is counted per trigger', () => {
  const filters = propertiesOf(templateOf(), 'AWS::Logs::MetricFilter');
  expect(Object.keys(filters)).toEqual([
    'SelectionMismatchTrigger',
    'SelectionMismatchWebhook',
    'SelectionMismatchSweep',
  ]);
  for (const filter of Object.values(filters)) {
    expect(filter).toMatchObject({
      FilterPattern: '{ $.message.event = "selection_mismatch" }',
      MetricTransformations: [
        {
          MetricNamespace: 'run-test-trigger',
          MetricName: 'selection_mismatch',
          MetricValue: '1',
          Dimensions: [{ Key: 'trigger', Value: '$.message.trigger' }],
        },
      ],
    });
  }
});
