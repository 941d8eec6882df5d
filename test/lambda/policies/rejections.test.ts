import { expect, test } from 'vitest';
import { readPause } from '../../../lambda/policies/pause.ts';
import type { Core } from '../../support/fixture.ts';
import { policyStage } from '../../support/policy-stage.ts';
import { json, type Treatment, well } from '../../support/remote-api.ts';

const refused: Treatment = ({ response }) => json(response, 403, { message: 'No write access' });
const firewall: Treatment = ({ response }) =>
  void response.writeHead(403, { 'content-type': 'text/html' }).end('<html>Blocked</html>');

test.each([401, 402, 403])('after HTTP %i from the API no further POST leaves', async (status) => {
  const { fire, api, events } = await policyStage();
  api.treatment = ({ response }) => json(response, status, { message: 'No' });
  expect((await fire('nightly', 'r0')).state).toBe('rejected');
  for (let start = 1; start < 10; start += 1) {
    expect((await fire('nightly', `r${start}`)).state).toBe('skipped');
  }
  expect(api.posts).toHaveLength(1);
  expect(events('trigger_paused')).toMatchObject([
    { trigger: 'nightly', firing: 'nightly:command:r0' },
  ]);
});

test('a key that is refused says which secret to set, as a command', async () => {
  const { fire, api, events } = await policyStage();
  api.treatment = ({ response }) => json(response, 401, { message: 'No' });
  const command = /: npx rtt secret set api-key \(/;
  expect((await fire('nightly', 'r0')).message).toMatch(command);
  expect(events('start_rejected')).toMatchObject([{ what_to_do: expect.stringMatching(command) }]);
});

test('that a trigger has paused itself is published once, by the next sweep', async () => {
  const { fire, api, sweeps, published } = await policyStage();
  api.treatment = refused;
  await fire('nightly', 'r0');
  await fire('nightly', 'r1');
  await sweeps(2);
  expect(published.map(({ kind, firing }) => `${kind} ${firing}`).toSorted()).toEqual([
    'paused nightly:command:r0',
    'rejected nightly:command:r0',
    'skipped nightly:command:r1',
  ]);
});

test('the 403 of a firewall is counted, and pauses nothing at once', async () => {
  const { fire, api, core } = await policyStage();
  api.treatment = firewall;
  for (let start = 0; start < 4; start += 1) {
    expect((await fire('nightly', `r${start}`)).state).toBe('rejected');
  }
  expect(await readPause('nightly', core)).toBeUndefined();
  await fire('nightly', 'r4');
  expect((await readPause('nightly', core))?.reason).toMatch(
    /^5 starts in a row were rejected, the last one because: no readable message \(HTTP 403\)/,
  );
});

test('a trigger that was rejected once and has started since is not paused a minute later', async () => {
  const { fire, api, clock, sweeps, core, events } = await policyStage();
  const once = { pauseAfterRejected: 2 };
  api.treatment = firewall;
  await fire('nightly', 'r0', once);
  api.treatment = well;
  for (const request of ['r1', 'r2', 'r3']) {
    clock.advance(0.2);
    expect((await fire('nightly', request, once)).state).toBe('started');
  }
  await sweeps(2);
  api.treatment = firewall;
  await fire('nightly', 'r4', once);
  expect(await readPause('nightly', core)).toBeUndefined();
  expect(events('trigger_paused')).toEqual([]);
});

test('a function that dies before it counts its rejection pauses nothing that has started since', async () => {
  const { fire, api, clock, sweeps, core, events } = await policyStage();
  const dying: Core = {
    ...core,
    ledger: {
      ...core.ledger,
      writeItem: async () => {
        throw new Error('killed');
      },
    },
  };
  api.treatment = refused;
  expect((await fire('nightly', 'r0', {}, { on: dying })).state).toBe('rejected');
  clock.advance(0.2);
  api.treatment = well;
  expect((await fire('nightly', 'r1')).state).toBe('started');
  await sweeps(2);
  expect(await readPause('nightly', core)).toBeUndefined();
  expect(events('trigger_paused')).toEqual([]);
});

test('a function that dies before it counts its rejection leaves that to the sweep', async () => {
  const { fire, api, sweeps, core } = await policyStage();
  const writeItem = async () => {
    throw new Error('killed');
  };
  api.treatment = refused;
  await fire('nightly', 'r0', {}, { on: { ...core, ledger: { ...core.ledger, writeItem } } });
  await sweeps(1);
  expect(await readPause('nightly', core)).toMatchObject({ firing: 'nightly:command:r0' });
});
