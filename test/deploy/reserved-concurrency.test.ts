import { expect, test } from 'vitest';
import { concurrencyFault } from '../../lib/deploy/reserved-concurrency.ts';
import { OTHER, templateOf } from '../stack/synthesized.ts';

/** 5 + 3 + 20 + 10, and one for the sweep. */
const reserving = templateOf().toJSON();
const sharing = templateOf(OTHER).toJSON();

test.each([
  ['a new account shares what it has', 10, 10, undefined, sharing],
  ['a large account reserves', 1_000, 1_000, undefined, reserving],
  ['what is deployed already counts as free', 139, 100, reserving, reserving],
])('%s', (_, limit, unreserved, deployed, next) => {
  expect(concurrencyFault({ limit, unreserved }, deployed, next)).toBeUndefined();
});

test.each([
  [10, 10, 0, 139],
  [138, 138, 38, 139],
  [1_000, 120, 20, 1_019],
])('of %i with %i unreserved, too little is left', (limit, unreserved, free, needed) => {
  expect(concurrencyFault({ limit, unreserved }, undefined, reserving)).toBe(
    `reservedConcurrency reserves 39 with the sweep's, but of this account's ${limit} only ${free} can be reserved: remove reservedConcurrency from the triggers file, or have the limit raised to ${needed} (Service Quotas, Concurrent executions)`,
  );
});
