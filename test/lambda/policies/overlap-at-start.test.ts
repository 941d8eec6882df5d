import { expect, test } from 'vitest';
import { readRecord } from '../../../lambda/policies/decide-on.ts';
import { RUN_TEST, runTestRecordId } from '../../../lambda/policies/run-test-record.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { receive } from '../../../lambda/webhook/receive.ts';
import { signedDelivery } from '../../support/fixture.ts';
import { json } from '../../support/remote-api.ts';
import {
  api,
  becomes,
  beginAnew,
  clock,
  core,
  events,
  fire,
  firingOf,
  inMinutes,
  log,
  name,
  policies,
  published,
  runTestId,
  sweeps,
} from './policed-trigger.ts';

beginAnew();

test('a schedule, a delivery and a person at once start one execution where starts may not overlap', async () => {
  const triggers = { [name]: policies({ overlap: 'skip' }) };
  const scheduledTime = clock.now().toISOString();
  const scheduled = { trigger: name, schedule: 'early', scheduledTime };
  await Promise.all([
    trigger(scheduled, triggers, core, inMinutes(1)),
    receive(signedDelivery('d1', clock.now(), '{}', name), triggers, core),
    fire('r1', policies({ overlap: 'skip' })),
  ]);
  expect(api.posts).toHaveLength(1);
  expect(events('start_skipped')).toHaveLength(2);
  const [started] = events('execution_started');
  for (const { message, policy } of events('start_skipped')) {
    expect(policy).toBe('overlap');
    expect(message).toContain(`${started?.firing} (`);
    expect(message).toContain('is not over');
  }
});

test('a skipped firing says so in the ledger, the log and to people, and is never tried again', async () => {
  const entry = policies({ overlap: 'skip' });
  await fire('r1', entry);
  const report = await fire('r2', entry);
  const executionId = (await firingOf('r1')).execution?.id;
  const reason = `Another run is not over (overlap: skip): ${name}:command:r1 (started, execution ${executionId})`;
  expect(report).toMatchObject({ state: 'skipped', message: reason });
  expect(await firingOf('r2')).toMatchObject({ state: 'skipped', reason });
  expect(published).toContainEqual(
    expect.objectContaining({ kind: 'skipped', trigger: name, reasons: [reason] }),
  );
  expect(log.at(-1)).toEqual({
    event: 'start_skipped',
    firing: `${name}:command:r2`,
    trigger: name,
    policy: 'overlap',
    message: reason,
  });
  becomes('Completed');
  await sweeps(3);
  expect(api.posts).toHaveLength(1);
  expect((await fire('r3', entry)).state).toBe('started');
});

// what the server lists before the start, whether the firing starts
test.each([
  ['RUNNING', '2026-11-24T01:00:00Z', 'skipped'],
  ['Evaluating', '2026-11-24T01:00:00Z', 'skipped'],
  ['a new word', '2026-11-24T01:00:00Z', 'skipped'],
  ['cancelling', '2026-11-24T01:00:00Z', 'skipped'],
  ['Completed', '2026-11-24T01:00:00Z', 'started'],
  ['failed', '2026-11-24T01:00:00Z', 'started'],
  ['CANCELLED', '2026-11-24T01:00:00Z', 'started'],
  ['RUNNING', '2026-11-22T01:00:00Z', 'started'],
])(
  'an execution by hand that is %s since %s leaves a firing %s',
  async (status, started_at, state) => {
    api.executions.push({ id: 'by-hand', status, started_at, scenario_ids: [] });
    const report = await fire('r1', policies({ overlap: 'skip' }));
    expect(report.state).toBe(state);
    if (state === 'skipped') {
      const word = status.toLowerCase();
      expect(report.message).toBe(
        `Another run is not over (overlap: skip): execution by-hand (${word} at the server)`,
      );
    }
  },
);

test('where the server’s list cannot be read the ledger alone judges, and the log says so', async () => {
  api.listStatus = () => 502;
  const entry = policies({ overlap: 'skip' });
  api.treatment = ({ response }) => json(response, 502, {});
  expect((await fire('r1', entry)).state).toBe('unknown');
  expect((await fire('r2', entry)).state).toBe('skipped');
  expect(events('known_executions_missed')).toHaveLength(2);
});

test('a followed execution is over when the ledger says so, or the server’s list before that', async () => {
  const entry = policies({ overlap: 'skip', follow: true });
  await fire('r1', entry);
  clock.advance(10);
  const listed = api.executions.splice(0);
  expect((await fire('r2', entry)).state).toBe('skipped');
  api.executions.push(...listed);
  becomes('Failed');
  expect((await firingOf('r1')).state).toBe('started');
  expect((await fire('r3', entry)).state).toBe('started');
  expect((await readRecord(runTestRecordId(runTestId), RUN_TEST, core.ledger)).slots).toEqual([
    { firing: `${name}:command:r3` },
  ]);
});

test('one firing waits until the running one is over, and a third is skipped', async () => {
  const entry = policies({ overlap: 'buffer-one', startDeadlineMinutes: 15 });
  await fire('r1', entry);
  expect((await fire('r2', entry)).state).toBe('due');
  expect(await fire('r3', entry)).toMatchObject({
    state: 'skipped',
    message: `${name}:command:r2 is waiting to start already`,
  });
  await sweeps(40, 5);
  expect((await firingOf('r2')).state).toBe('due');
  expect(events('start_buffered')).toHaveLength(1);
  becomes('Completed');
  await sweeps(2);
  expect((await firingOf('r2')).state).toBe('started');
  expect(api.posts).toHaveLength(2);
});

test('of 8 firings at once one starts and one waits', async () => {
  const entry = policies({ overlap: 'buffer-one' });
  const reports = await Promise.all(
    Array.from({ length: 8 }, (_, index) => fire(`r${index}`, entry)),
  );
  const inState = (state: string) => reports.filter((report) => report.state === state);
  expect(inState('started')).toHaveLength(1);
  expect(inState('due')).toHaveLength(1);
  expect(inState('skipped')).toHaveLength(6);
});

test('a firing that waits and is not looked at again in time expires', async () => {
  const entry = policies({ overlap: 'buffer-one', startDeadlineMinutes: 15 });
  await fire('r1', entry);
  await fire('r2', entry);
  clock.advance(16);
  await sweep(core, inMinutes(1.5));
  expect((await firingOf('r2')).state).toBe('expired');
  expect((await fire('r3', entry)).state).toBe('due');
});

test('the running execution is cancelled once, and then the latest firing starts', async () => {
  const entry = policies({ overlap: 'cancel-other' });
  await fire('r1', entry);
  clock.advance(0.1);
  expect((await fire('r2', entry)).state).toBe('due');
  const executionId = (await firingOf('r1')).execution?.id;
  expect(api.cancelled).toEqual([executionId]);
  expect(events('overlap_cancelled')).toEqual([
    {
      event: 'overlap_cancelled',
      firing: `${name}:command:r2`,
      trigger: name,
      execution_id: executionId,
      cancelled_firing: `${name}:command:r1`,
    },
  ]);
  clock.advance(0.1);
  expect((await fire('r3', entry)).state).toBe('due');
  await sweeps(2);
  expect(await firingOf('r2')).toMatchObject({
    state: 'skipped',
    reason: `${name}:command:r3 came later and replaces it`,
  });
  expect(api.posts).toHaveLength(1);
  becomes('Cancelled');
  await sweeps(2);
  expect((await firingOf('r3')).state).toBe('started');
  expect(api.cancelled).toEqual([executionId]);
});

test('that a followed execution was cancelled for a later firing is known, and nobody has to hear of it', async () => {
  const entry = policies({ overlap: 'cancel-other', follow: true });
  await fire('r1', entry);
  clock.advance(0.1);
  await fire('r2', entry);
  becomes('Cancelled');
  await sweeps(2);
  expect(await firingOf('r1')).toMatchObject({
    state: 'cancelled',
    result: {
      verdict: 'inconclusive',
      reasons: [`It was cancelled for ${name}:command:r2 (overlap: cancel-other).`],
    },
  });
  expect((await firingOf('r2')).state).toBe('started');
  expect(published.map(({ kind, firing }) => `${kind} ${firing?.split(':').at(-1)}`)).toEqual([
    'started r1',
    'started r2',
  ]);
});

test('an execution that is not the trigger’s own is never cancelled', async () => {
  const started_at = clock.now().toISOString();
  api.executions.push({ id: 'by-hand', status: 'RUNNING', started_at, scenario_ids: [] });
  expect(await fire('r1', policies({ overlap: 'cancel-other' }))).toMatchObject({
    state: 'skipped',
    message:
      'execution by-hand (running at the server) is not known to be this trigger’s own, and only its own runs are cancelled',
  });
  expect(api.cancelled).toEqual([]);
});
