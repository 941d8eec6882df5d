import { expect, test } from 'vitest';
import { carryOver } from '../../../lambda/policies/carry-over.ts';
import { pauseTrigger, readPause, resumeTrigger } from '../../../lambda/policies/pause.ts';
import { policyStage } from '../../support/policy-stage.ts';

const ADA = { by: 'ada', reason: 'The agent is down.' };
const RENAMED = { nights: { renamedFrom: 'nightly' } };

test('a renamed trigger stays paused', async () => {
  const { core, fire, log } = await policyStage();
  await pauseTrigger({ trigger: 'nightly', ...ADA }, core);
  await carryOver(RENAMED, core.ledger)();
  expect(await fire('nights', 'r1')).toMatchObject({
    state: 'skipped',
    message: 'nights is paused (by ada, 2026-11-24T02:00:00.000Z): The agent is down.',
  });
  expect(log.filter(({ event }) => event === 'trigger_renamed')).toEqual([
    { event: 'trigger_renamed', trigger: 'nights', from: 'nightly' },
  ]);
});

test('a renamed trigger has the budget that is left', async () => {
  const { core, fire, runsCounted } = await policyStage();
  const budget = { perMonth: 2 };
  await fire('nightly', 'r1', { budget });
  await carryOver(RENAMED, core.ledger)();
  expect(await fire('nights', 'r2', { budget })).toMatchObject({ state: 'started' });
  expect(await fire('nights', 'r3', { budget })).toMatchObject({ state: 'skipped' });
  expect(await runsCounted('nights')).toBe(2);
});

test('a renamed trigger waits for what runs under its old name', async () => {
  const { core, fire } = await policyStage();
  await fire('nightly', 'r1', { overlap: 'skip', follow: true });
  await carryOver(RENAMED, core.ledger)();
  expect(await fire('nights', 'r2', { overlap: 'skip', follow: true })).toMatchObject({
    state: 'skipped',
    message: expect.stringContaining('nightly:command:r1'),
  });
});

test('it is carried over once, however many functions do it', async () => {
  const { core, fire, runsCounted } = await policyStage();
  await fire('nightly', 'r1', { budget: { perMonth: 9 } });
  await Promise.all([1, 2, 3].map(() => carryOver(RENAMED, core.ledger)()));
  await fire('nights', 'r2', { budget: { perMonth: 9 } });
  await carryOver(RENAMED, core.ledger)();
  expect(await runsCounted('nights')).toBe(2);
});

test('what was recorded under the old name keeps its pause', async () => {
  const { core, fire } = await policyStage();
  await pauseTrigger({ trigger: 'nightly', ...ADA }, core);
  await carryOver(RENAMED, core.ledger)();
  expect(await fire('nightly', 'r1')).toMatchObject({ state: 'skipped' });
});

test('a pause of the old name after the new one is deployed does not reach it', async () => {
  const { core, fire } = await policyStage();
  await carryOver(RENAMED, core.ledger)();
  await pauseTrigger({ trigger: 'nightly', ...ADA }, core);
  await carryOver(RENAMED, core.ledger)();
  expect(await fire('nightly', 'r1')).toMatchObject({ state: 'skipped' });
  expect(await fire('nights', 'r2')).toMatchObject({ state: 'started' });
});

test('a trigger that gets its first name back has what the name between had', async () => {
  const { core } = await policyStage();
  await pauseTrigger({ trigger: 'nightly', ...ADA }, core);
  await carryOver(RENAMED, core.ledger)();
  await resumeTrigger({ trigger: 'nights', ...ADA }, core);
  await carryOver({ nightly: { renamedFrom: 'nights' } }, core.ledger)();
  expect(await readPause('nightly', core)).toBeUndefined();
  await pauseTrigger({ trigger: 'nightly', ...ADA }, core);
  await carryOver({ nightly: { renamedFrom: 'nights' } }, core.ledger)();
  expect(await readPause('nightly', core)).toMatchObject(ADA);
});

test('a function whose ledger fails tries again before its next event', async () => {
  const { core, ledger } = await policyStage();
  await pauseTrigger({ trigger: 'nightly', ...ADA }, core);
  let isDown = true;
  const readItem: typeof ledger.readItem = async (id, schema) => {
    if (isDown) throw new Error('DynamoDB is down');
    return ledger.readItem(id, schema);
  };
  const carry = carryOver(RENAMED, { ...ledger, readItem });
  await expect(carry()).rejects.toThrow('DynamoDB is down');
  isDown = false;
  await carry();
  expect(await readPause('nights', core)).toMatchObject(ADA);
});
