import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import { NIGHTLY } from '../../support/fixture.ts';
import { startMemoryLedger } from '../../support/memory-ledger.ts';

const AT = new Date('2026-11-24T02:00:00Z');
const DUE = newFiring(
  { trigger: 'nightly', cause: { kind: 'command', requestId: '1' }, at: AT },
  NIGHTLY,
  AT,
);
const STARTED = {
  ...DUE,
  state: 'started',
  sentAt: DUE.recordedAt,
  attempts: [{ sentAt: DUE.recordedAt }],
};

test.each([
  ['a run test that is a path', { ...DUE, runTestId: '../../billing/pay' }],
  ['a run test with a query', { ...DUE, runTestId: `${NIGHTLY.runTestId}?x=` }],
  ['a scenario that is no id', { ...DUE, execute: { ...DUE.execute, scenarioIds: ['"}'] } }],
  ['an execution that is a path', { ...STARTED, execution: { id: '../x', status: 'running' } }],
  ['an execution of two dots', { ...STARTED, execution: { id: '..', status: 'running' } }],
])('a forged item with %s is refused when it is read', async (_name, item) => {
  const { ledger, client, table, stop } = await startMemoryLedger();
  onTestFinished(stop);
  const Item = marshall(item, { removeUndefinedValues: true });
  await client.putItem({ TableName: table, Item });
  await expect(ledger.read(DUE.id)).rejects.toThrow(/pattern|regex|format|invalid/i);
});

test('an item with an id of the usual form is read', async () => {
  const { ledger, client, table, stop } = await startMemoryLedger();
  onTestFinished(stop);
  const Item = marshall({ ...STARTED, execution: { id: 'e-1', status: 'running' } });
  await client.putItem({ TableName: table, Item });
  expect(await ledger.read(DUE.id)).toMatchObject({ execution: { id: 'e-1' } });
});
