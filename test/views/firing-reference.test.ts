import { afterAll, expect, test } from 'vitest';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import { findFiring, shortId } from '../../lib/views/firing-reference.ts';
import { countRequests } from '../support/counted-requests.ts';
import { NIGHTLY } from '../support/fixture.ts';
import { startMemoryLedger } from '../support/memory-ledger.ts';

const START = Date.parse('2026-11-24T02:00:00Z');
const { ledger, client, stop } = await startMemoryLedger();
afterAll(stop);
const [first, second, third] = ['1a2b', '1a2c', 'zz'].map((requestId, index) => {
  const at = new Date(START + index * 60_000);
  const occurrence = { trigger: 'nightly', cause: { kind: 'command', requestId }, at } as const;
  return newFiring(occurrence, NIGHTLY, at);
});
for (const firing of [first, second, third]) if (firing) await ledger.record(firing);

test('a short id is the beginning of the SHA-256 of the id', () => {
  expect(shortId('f')).toBe('252f10');
});

test.each([
  ['an id', 'nightly:command:zz', 'nightly:command:zz'],
  ['the beginning of an id', 'nightly:command:z', 'nightly:command:zz'],
  ['a short id', shortId('nightly:command:1a2c'), 'nightly:command:1a2c'],
  ['four digits', shortId('nightly:command:1a2c').slice(0, 4), 'nightly:command:1a2c'],
  ['last', 'last', 'nightly:command:zz'],
])('%s names a firing', async (_, reference, id) => {
  expect(await findFiring(reference, ledger)).toMatchObject({ id });
});

test('the beginning of an id asks for the firings of its trigger only', async () => {
  const requests = countRequests(client);
  await findFiring('nightly:command:z', ledger);
  expect(requests.take()).toMatchObject({ gets: 2, queries: 1 });
});

test.each(['zzz', ''])('%j is too short, and nothing is read', async (reference) => {
  const read = () => expect.fail('read');
  await expect(findFiring(reference, { read, newestIds: read, ofTrigger: read })).rejects.toThrow(
    'No firing ',
  );
});

test.each([
  ['ffff', 'No firing ffff is in this ledger: npx rtt history lists those that are'],
  [
    'z',
    'No firing z is in this ledger: npx rtt history lists those that are; a short id has at least 4 digits',
  ],
  ['/admission', 'No firing /admission is in this ledger: npx rtt history lists those that are'],
  [
    'nightly:command:1',
    `2 firings begin with nightly:command:1:
  ${shortId('nightly:command:1a2c')}  nightly:command:1a2c
  ${shortId('nightly:command:1a2b')}  nightly:command:1a2b`,
  ],
])('%s names no single firing', async (reference, message) => {
  await expect(findFiring(reference, ledger)).rejects.toThrow(message);
});
