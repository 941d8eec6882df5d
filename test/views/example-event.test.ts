import { expect, test } from 'vitest';
import { exampleEvent } from '../../lib/views/example-event.ts';

test.each([
  [
    { source: ['a', 'b'], detail: { state: ['X'], count: [1] } },
    { source: 'a', 'detail-type': '…', detail: { state: 'X', count: 1 } },
  ],
  [
    { 'detail-type': [{ prefix: 'Order' }], $or: [{ source: ['a'] }] },
    { source: '…', 'detail-type': '…', detail: {} },
  ],
])('of the pattern %j, the example is %j', (pattern, event) => {
  expect(exampleEvent(pattern)).toEqual(event);
});
