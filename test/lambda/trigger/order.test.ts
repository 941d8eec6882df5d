import { expect, test } from 'vitest';
import { readOrder } from '../../../lambda/trigger/order.ts';

const PERSON = { by: 'ada', reason: 'why' };

test.each([
  [{ order: 'describe' }],
  [{ order: 'rehearse', trigger: 'nightly' }],
  [
    {
      order: 'rehearse',
      trigger: 'nightly',
      execute: { scenarios: ['Happy'] },
      evenIfPaused: true,
    },
  ],
  [{ order: 'look', firing: 'f' }],
  [{ order: 'retry', firing: 'f', ...PERSON }],
  [{ order: 'pause', ...PERSON }],
  [{ order: 'pause', trigger: 'nightly', until: '2026-11-25T00:00:00Z', ...PERSON }],
  [{ order: 'resume', trigger: 'nightly', ...PERSON }],
])('%j is an order', (event) => {
  expect(readOrder(event)).toEqual(event);
});

test.each([[undefined], [null], ['describe'], [[]], [{ trigger: 'nightly', requestId: 'order' }]])(
  '%j is none',
  (event) => {
    expect(readOrder(event)).toBeUndefined();
  },
);

test.each([
  [{ order: 'delete' }],
  [{ order: 'describe', secret: true }],
  [{ order: 'retry', firing: 'f', by: 'ada', reason: '' }],
  [{ order: 'pause', by: '', reason: 'why' }],
  [{ order: 'pause', until: '2h', ...PERSON }],
  [{ order: 'rehearse', trigger: 'nightly', execute: { scenarios: [''] } }],
])('%j cannot be followed', (event) => {
  expect(() => readOrder(event)).toThrow('The order cannot be followed: ');
});
