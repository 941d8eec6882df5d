import { expect, test } from 'vitest';
import { advance } from '../../../lambda/advance.ts';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import type { Ledger } from '../../../lambda/ledger/ledger.ts';
import {
  admissionId,
  readAdmissionRecord,
  SHARED_ADMISSION,
} from '../../../lambda/policies/admission-record.ts';
import { releaseSlot } from '../../../lambda/policies/release.ts';
import { retryFiring } from '../../../lambda/start/retry.ts';
import { type Core, publishNow } from '../../support/fixture.ts';
import { json, well } from '../../support/remote-api.ts';
import {
  api,
  beginAnew,
  clock,
  core,
  fire,
  fireOnly,
  firingOf,
  goOnWith,
  inMinutes,
  memory,
  name,
  policies,
  sweeps,
} from './policed-trigger.ts';

beginAnew();

/** The core of a function that dies right before, or after, its nth call of a method of the ledger. */
function dying(method: 'write' | 'writeItem', call: number, moment: 'before' | 'after'): Core {
  let calls = 0;
  const at = async <T>(action: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls === call && moment === 'before') throw new Error('killed');
    const result = await action();
    if (calls === call) throw new Error('killed');
    return result;
  };
  const ledger: Ledger = {
    ...core.ledger,
    write: (from, to) =>
      method === 'write' ? at(() => core.ledger.write(from, to)) : core.ledger.write(from, to),
    writeItem: (read, note) =>
      method === 'writeItem'
        ? at(() => core.ledger.writeItem(read, note))
        : core.ledger.writeItem(read, note),
  };
  return { ...core, budget: { perDay: 1_000_000 }, ledger };
}

test.each([
  ['before it has a slot', 'writeItem', 1, 'before'],
  ['between the slot of its run test and its own budget', 'writeItem', 1, 'after'],
  ['between its own budget and that of all triggers', 'writeItem', 2, 'after'],
  ['with all its slots, before it is sent', 'writeItem', 3, 'after'],
  ['before the lease is written', 'write', 1, 'before'],
] as const)(
  'a function that dies %s loses nothing and counts once',
  async (_, method, call, moment) => {
    const entry = policies({ overlap: 'skip', budget: { perDay: 2 } });
    const before = (await readAdmissionRecord(SHARED_ADMISSION, core.ledger)).spent.day?.runs ?? 0;
    await expect(fire('r1', entry, dying(method, call, moment))).rejects.toThrow('killed');
    goOnWith({ ...core, budget: { perDay: 1_000_000 } });
    await sweeps(3);
    expect((await firingOf('r1')).state).toBe('started');
    expect(api.posts).toHaveLength(1);
    expect((await readAdmissionRecord(admissionId(name), core.ledger)).spent.day?.runs).toBe(1);
    expect((await readAdmissionRecord(SHARED_ADMISSION, core.ledger)).spent.day?.runs).toBe(
      before + 1,
    );
  },
);

test('a function that comes late to a firing that is over counts nothing', async () => {
  const entry = policies({ budget: { perDay: 2 } });
  const at = clock.now();
  const cause = { kind: 'command', requestId: 'r1' } as const;
  const { firing } = await memory.ledger.record(newFiring({ trigger: name, cause, at }, entry, at));
  for (const arrival of ['first', 'late']) {
    expect((await advance(firing, core, inMinutes(1))).state, arrival).toBe('started');
    await publishNow(firing.id, core);
  }
  expect(api.posts).toHaveLength(1);
  expect(await readAdmissionRecord(admissionId(name), core.ledger)).toMatchObject({
    slots: [],
    spent: { day: { runs: 1 } },
  });
});

test('a release is the same however often it is repeated', async () => {
  const entry = policies({ overlap: 'skip', budget: { perDay: 5 } });
  api.treatment = ({ response }) => json(response, 404, {});
  await fire('r1', entry);
  const firing = await firingOf('r1');
  await releaseSlot(firing, core);
  await releaseSlot(firing, core);
  const gate = await readAdmissionRecord(admissionId(name), core.ledger);
  expect(gate.slots).toEqual([]);
  expect(gate.spent.day).toMatchObject({ runs: 0, scenarios: 0 });
});

test('a release that comes late takes no place from a firing that was sent again', async () => {
  const entry = policies({ overlap: 'skip', budget: { perDay: 5 } });
  api.treatment = ({ response }) => json(response, 404, {});
  await fireOnly('r1', entry);
  const rejected = await firingOf('r1');
  api.treatment = well;
  await retryFiring(rejected.id, { by: 'ada', reason: 'it exists now' }, core);
  expect((await advance(await firingOf('r1'), core, inMinutes(1))).state).toBe('started');
  await releaseSlot(rejected, core);
  expect(await readAdmissionRecord(admissionId(name), core.ledger)).toMatchObject({
    slots: [{ firing: rejected.id }],
    spent: { day: { runs: 1 } },
  });
});
