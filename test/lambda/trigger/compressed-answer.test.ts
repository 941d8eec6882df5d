import { expect, test } from 'vitest';
import { fitting, opened } from '../../../lambda/trigger/compressed-answer.ts';
import { NIGHTLY } from '../../support/fixture.ts';

test('the description of 20,000 triggers is less than Lambda answers with, and the same when it is opened', () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `trigger-${index}`);
  const answer = { triggers: Object.fromEntries(names.map((name) => [name, NIGHTLY])) };
  const text = JSON.stringify(fitting(answer));
  expect(text.length).toBeLessThan(500_000);
  expect(JSON.stringify(opened(text))).toBe(JSON.stringify(answer));
});

test.each([{ firing: 'f' }, { gzip: 'a', more: 1 }, {}])(
  'a short answer stays as it is: %j',
  (answer) => {
    expect(fitting(answer)).toBe(answer);
    expect(opened(JSON.stringify(answer))).toEqual(answer);
  },
);
