import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventKind } from '../../../lambda/firing/event-kind.ts';
import type { Published, SeveralEvents } from '../../../lambda/firing/service-event.ts';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { routed } from '../../../lambda/notify/routes.ts';
import { severalTold } from '../../../lambda/notify/several.ts';
import { messageOf } from '../../../lambda/notify/topic.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { coreOn, NIGHTLY, newSecrets } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import {
  json,
  type RemoteApi,
  startRemoteApi,
  type Treatment,
  well,
} from '../../support/remote-api.ts';

const SETTING = { service: 'run-test-trigger', timezone: 'Europe/Berlin' };
const clock = clockAt('2026-11-24T02:00:00Z');

let memory: MemoryLedger;
let api: RemoteApi;
beforeAll(async () => {
  memory = await startMemoryLedger();
  api = await startRemoteApi({ now: clock.now });
});
afterAll(async () => {
  await Promise.all([memory.stop(), api.stop()]);
});

const refused: Treatment = ({ response }) =>
  json(response, 401, { status: false, result: 'Invalid API key' });

/** Fires so many triggers of this name at once, lets the next sweep see them, and gives what is published. */
async function nightOf(name: string, count: number, settings: Partial<Trigger> = {}) {
  captureLog();
  const published: Published[] = [];
  const publish = async (events: readonly Published[]) => void published.push(...events);
  const core = { ...coreOn(memory, api, clock, newSecrets()), publish };
  const inMinutes = (minutes: number) => new Date(clock.now().getTime() + minutes * 60_000);
  const triggers = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${name}-${index + 1}`,
      { ...NIGHTLY, ...settings },
    ]),
  );
  for (const own of Object.keys(triggers)) {
    await trigger({ trigger: own, requestId: 'night' }, triggers, core, inMinutes(1));
  }
  clock.advance(1);
  await sweep(core, inMinutes(1.5));
  return published;
}

/** The events of which people get a message: those that the rule lets through. */
function toldOf(published: readonly Published[]): Published[] {
  return published.filter((event) => !event.repeated && !('told_in' in event));
}

function toldOnly(event: SeveralEvents, kinds: EventKind[]) {
  const own = routed(event, undefined, { kinds }, clock.now());
  return own && severalTold(own, SETTING);
}

const isSeveral = (event: Published): event is SeveralEvents => event.kind === 'several';

test('twelve triggers with a revoked key are twenty-four events and one message', async () => {
  api.treatment = refused;
  const published = await nightOf('revoked', 12);
  expect(published.filter(({ kind }) => kind === 'rejected')).toHaveLength(12);
  expect(published.filter(({ kind }) => kind === 'paused')).toHaveLength(12);
  const [only, ...others] = toldOf(published).filter(isSeveral);
  expect(toldOf(published)).toHaveLength(1);
  expect(others).toEqual([]);
  const told = only && severalTold(only, SETTING);
  expect(told && messageOf(told, SETTING.service).email).toMatchInlineSnapshot(`
    "12 triggers were refused and NOT started, are paused: Invalid API key (HTTP 401)

    By trigger
    - revoked-1 was refused and NOT started, is paused
    - revoked-10 was refused and NOT started, is paused
    - revoked-11 was refused and NOT started, is paused
    - revoked-12 was refused and NOT started, is paused
    - revoked-2 was refused and NOT started, is paused
    - revoked-3 was refused and NOT started, is paused
    - revoked-4 was refused and NOT started, is paused
    - revoked-5 was refused and NOT started, is paused
    - revoked-6 was refused and NOT started, is paused
    - revoked-7 was refused and NOT started, is paused
    - revoked-8 was refused and NOT started, is paused
    - revoked-9 was refused and NOT started, is paused

    What to do
    Remove the cause, then resume the trigger.
    npx rtt resume revoked-1 --reason "put right"
    npx rtt resume revoked-10 --reason "put right"
    npx rtt resume revoked-11 --reason "put right"
    npx rtt resume revoked-12 --reason "put right"
    npx rtt resume revoked-2 --reason "put right"

    When       Tue 2026-11-24 03:01 Europe/Berlin (02:01 UTC)
    "
  `);
  expect(told?.subject).toBe(
    '[run-test-trigger] 12 triggers were refused and NOT started, are paused: Invalid API key (HTTP 401)',
  );
});

test('one trigger that is refused and pauses itself is one message', async () => {
  api.treatment = refused;
  const [only] = toldOf(await nightOf('single', 1)).filter(isSeveral);
  const told = only && severalTold(only, SETTING);
  expect(told?.sentence).toBe(
    'single-1 was refused and NOT started, is paused: Invalid API key (HTTP 401)',
  );
  expect(told?.steps.at(-1)).toBe('npx rtt resume single-1 --reason "put right"');
});

test('who is told of pauses only gets those', async () => {
  api.treatment = refused;
  const [only] = toldOf(await nightOf('pauses', 2)).filter(isSeveral);
  expect(only && toldOnly(only, ['paused'])?.sentence).toBe(
    '2 triggers are paused: Invalid API key (HTTP 401)',
  );
  expect(only && toldOnly(only, ['failed'])).toBeUndefined();
});

// how many starts are skipped at once, and how many messages that makes
test.each([
  [5, 5],
  [6, 1],
])('%i unlike events at once are %i messages', async (count, messages) => {
  api.treatment = well;
  const published = await nightOf(`paused-${count}`, count, { budget: { perDay: 1 } });
  expect(toldOf(published).filter(({ kind }) => kind !== 'started')).toHaveLength(messages);
});
