import { expect, test } from 'vitest';
import type { Ledger } from '../../../lambda/ledger/ledger.ts';
import { pauseTrigger } from '../../../lambda/policies/pause.ts';
import type { Core } from '../../support/fixture.ts';
import { policyStage } from '../../support/policy-stage.ts';

const BUDGET = { perMonth: 10 };

test.each([
  ['its trigger', 'nightly', 'nightly'],
  ['every trigger', undefined, 'Every trigger'],
])('nothing leaves when a pause of %s is complete before the lease', async (_, paused, whose) => {
  const { fire, api, core, sweeps, firingOf, runsCounted, published } = await policyStage();
  const write: Ledger['write'] = async (from, to) => {
    if (to.state === 'sending') {
      await pauseTrigger({ trigger: paused, by: 'ada', reason: 'Stop.' }, core);
    }
    return core.ledger.write(from, to);
  };
  const on: Core = { ...core, budget: BUDGET, ledger: { ...core.ledger, write } };
  const policies = { overlap: 'skip' as const, budget: BUDGET };
  const message = `${whose} is paused (by ada, 2026-11-24T02:00:00.000Z): Stop.`;
  expect(await fire('nightly', 'r0', policies, { on })).toMatchObject({
    state: 'skipped',
    message,
  });
  expect((await firingOf('nightly', 'r0')).attempts).toMatchObject([
    { outcome: 'not-started', message },
  ]);
  await sweeps(1, { ...core, budget: BUDGET });
  expect(api.posts).toEqual([]);
  expect(published.map(({ kind }) => kind)).toEqual(['skipped']);
  expect([await runsCounted('nightly'), await runsCounted()]).toEqual([0, 0]);
});

test('a person who insists starts all the same', async () => {
  const { fire, api, core } = await policyStage();
  const write: Ledger['write'] = async (from, to) => {
    if (to.state === 'sending') await pauseTrigger({ by: 'ada', reason: 'Stop.' }, core);
    return core.ledger.write(from, to);
  };
  const on: Core = { ...core, ledger: { ...core.ledger, write } };
  const report = await fire('nightly', 'r0', {}, { on, evenIfPaused: true });
  expect(report.state).toBe('started');
  expect(api.posts).toHaveLength(1);
});

test('where the pauses cannot be read before it is sent, a firing is put off', async () => {
  const { fire, api, core, sweeps, firingOf } = await policyStage();
  let isLeased = false;
  const write: Ledger['write'] = async (from, to) => {
    isLeased ||= to.state === 'sending';
    return core.ledger.write(from, to);
  };
  const readItems: Ledger['readItems'] = async (ids, schema) => {
    if (isLeased) throw new Error('the table is busy');
    return core.ledger.readItems(ids, schema);
  };
  const on: Core = { ...core, ledger: { ...core.ledger, write, readItems } };
  expect(await fire('nightly', 'r0', {}, { on })).toMatchObject({ state: 'due' });
  expect(api.posts).toEqual([]);
  expect((await firingOf('nightly', 'r0')).attempts).toMatchObject([
    { outcome: 'not-started', message: 'Whether it is paused cannot be read: the table is busy' },
  ]);
  await sweeps(1);
  expect((await firingOf('nightly', 'r0')).state).toBe('started');
});
