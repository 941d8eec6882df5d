import type { EventKind } from '../../../lambda/firing/event-kind.ts';
import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { watchSchedules } from '../../../lambda/sweep/watch-schedules.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { parseExpression } from '../../../lib/config/schedule-expression.ts';
import { configOf } from '../../support/config-of.ts';
import { NIGHTLY } from '../../support/fixture.ts';
import {
  type FollowTests,
  failing,
  PERFECT,
  RUN_TEST,
  SCENARIO,
  type World,
} from '../../support/follow-world.ts';

/** The schedule of the trigger whose events these are. */
export const SCHEDULES = [
  {
    name: 'early',
    ...parseExpression('cron(0 3 ? * MON-FRI *)'),
    timezone: 'Europe/Berlin',
    flexibleWindowMinutes: 0,
    enabled: true,
  },
];

const EXPECT = { minSuccessRate: 90, minEvaluation: { 'Task completion': 80 } };
const KEY_REFUSED = JSON.stringify({ status: false, result: 'Invalid API key <!channel>' });

/**
 * One event of each kind as the service publishes it, each from a firing of its own at the stand-in. Ids that are
 * random, and the name of the trigger, are replaced by fixed ones.
 */
export async function realEvents(tests: FollowTests): Promise<ServiceEvent[]> {
  const { world, sweeps } = tests;
  const found: ServiceEvent[] = [];
  const take = ({ published, trigger: name }: World, ...kinds: EventKind[]) => {
    for (const kind of kinds) {
      const event = published.find((one) => one.kind === kind);
      if (!event) throw new Error(`no event ${kind}`);
      found.push(fixed(event, name));
    }
  };
  const fire = async (own: World, settings: Partial<Trigger> = {}, at = tests.clock.now()) => {
    const triggers = {
      [own.trigger]: { ...NIGHTLY, schedules: SCHEDULES, follow: true, ...settings },
    };
    const due = { trigger: own.trigger, schedule: 'early', scheduledTime: at.toISOString() };
    await trigger(due, triggers, own.core, tests.inMinutes(1));
  };

  const good = await world();
  await fire(good);
  await sweeps(good, 2);
  take(good, 'started', 'passed');

  const bad = await world();
  bad.course = failing(5);
  await fire(bad, { expect: EXPECT });
  await sweeps(bad, 2);
  take(bad, 'failed');
  tests.clock.advance(1440);
  bad.course = PERFECT;
  await fire(bad, { expect: EXPECT });
  await sweeps(bad, 2);
  take(bad, 'recovered');

  const empty = await world(0);
  await fire(empty);
  await sweeps(empty, 2);
  take(empty, 'inconclusive');

  const endless = await world();
  endless.course = { ...PERFECT, ends: 'never' };
  await fire(endless, { maxDurationMinutes: 10 });
  await sweeps(endless, 8, 8);
  await sweeps(endless, 5);
  take(endless, 'lost');

  const other = await world();
  other.answer = (status, body) => [
    status,
    JSON.stringify({ ...JSON.parse(body), scenario_ids: [UUIDS[2]], scenarioIds: undefined }),
  ];
  await fire(other, { execute: { selectAll: false, scenarioIds: [SCENARIO.id] } });
  await sweeps(other, 1);
  take(other, 'mismatch');

  const refused = await world();
  refused.answer = () => [401, KEY_REFUSED];
  await fire(refused);
  await sweeps(refused, 1);
  take(refused, 'rejected', 'paused');

  const silent = await world();
  silent.answer = () => undefined;
  silent.distortion = () => [403, '{}'];
  await fire(silent);
  await sweeps(silent, 3);
  take(silent, 'unresolved');

  const busy = await world();
  busy.answer = () => [429, '{"detail": "Request was throttled."}'];
  await fire(busy);
  await sweeps(busy, 12, 4);
  await sweeps(busy, 5);
  take(busy, 'expired');

  const twice = await world();
  twice.course = { ...PERFECT, ends: 'never' };
  await fire(twice, { overlap: 'skip', budget: { perDay: 5 } });
  await sweeps(twice, 1);
  await fire(twice, { overlap: 'skip', budget: { perDay: 5 } });
  await sweeps(twice, 1);
  take(twice, 'skipped');

  const spent = await world();
  await fire(spent, { budget: { perDay: 1 } });
  await sweeps(spent, 1);
  take(spent, 'budget');

  const dead = await world();
  const watched = { [dead.trigger]: { ...NIGHTLY, schedules: SCHEDULES } };
  await watchSchedules(configOf(watched), dead.core);
  tests.clock.advance(1440);
  await watchSchedules(configOf(watched), dead.core);
  await sweeps(dead, 1);
  take(dead, 'missed');
  return found;
}

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const UUIDS = [1, 2, 3].map((n) => `b8f5f0a2-6f0e-4e57-9c1e-0d6f3f0c7a1${n}`);

const FIXED = new Set([RUN_TEST, SCENARIO.id, ...UUIDS]);

function fixed(event: ServiceEvent, name: string): ServiceEvent {
  const text = JSON.stringify({ ...event, link: pageOf(event) })
    .replaceAll(new RegExp(`\\b${name}\\b`, 'g'), 'nightly')
    .replaceAll(UUID, (id) => (FIXED.has(id) ? id : (UUIDS[0] ?? '')))
    .replaceAll(/several\/[0-9a-f]{16}/g, 'several/bb7269907ed6b03c');
  return JSON.parse(text);
}

/** Of Future AGI's dashboard: the stand-in has none. */
function pageOf({ run_test_id, execution_id }: ServiceEvent): string | undefined {
  return (
    execution_id &&
    `https://app.futureagi.com/dashboard/simulate/test/${run_test_id}/${execution_id}`
  );
}
