import { readFileSync } from 'node:fs';
import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { formatPlan } from '../../lib/cli/plan-text.ts';
import { loadTriggers } from '../../lib/config/load.ts';
import type { TriggersFile } from '../../lib/config/schema.ts';
import { planOf } from '../../lib/deploy/plan.ts';
import { NOW, templateOf } from '../stack/synthesized.ts';

const root = new URL('../../', import.meta.url).pathname;
const loaded = loadTriggers(`${root}triggers.yaml`, NOW);
if (!loaded.ok) throw new Error('the example has problems');
const { config } = loaded;
const [nightly] = config.triggers['nightly-regression']?.schedules ?? [];
if (!nightly) throw new Error('the example has no schedule');

/** Only changes and cost are read from the template: where nobody asks for them, that of the example does. */
function planned(file: TriggersFile, template = templateOf(config), deployed?: Template) {
  const secrets = ['run-test-trigger/api-key'];
  const facts = { deployed: deployed?.toJSON(), missingSecrets: secrets };
  return planOf('run-test-trigger', file, template.toJSON(), secrets, facts, NOW);
}

test('docs/deploy.md shows the plan of the example', () => {
  const text = formatPlan(
    planned(config),
    (_format, plain) => plain,
    (words) => `rtt ${words}`,
  );
  expect(readFileSync(`${root}docs/deploy.md`, 'utf8')).toContain(text);
});

test('the plan names everybody who is told, and of what', () => {
  const trigger = config.triggers['nightly-regression'];
  if (!trigger) throw new Error('the example has no such trigger');
  const file: TriggersFile = {
    ...config,
    notify: {
      ...config.notify,
      email: ['qa@example.com'],
      on: ['failed'],
      channels: { ops: { kind: 'slack', secret: 'notify/ops', on: ['missed'] } },
    },
    triggers: { nightly: { ...trigger, notify: { email: ['team@example.com'] } } },
  };
  const text = formatPlan(
    planned(file),
    (_format, plain) => plain,
    (words) => `rtt ${words}`,
  );
  expect(text).toContain(`Who is told
  qa@example.com: failed
  team@example.com, of nightly: failed
  ops (slack): missed
`);
});

test('of many schedules the plan shows the first', () => {
  const plan = planned(config);
  const schedules = Array.from({ length: 10_000 }, (_, index) => ({
    ...(plan.schedules[0] ?? expect.fail()),
    trigger: `trigger-${index}`,
  }));
  const text = formatPlan(
    { ...plan, schedules },
    (_format, plain) => plain,
    (words) => `rtt ${words}`,
  );
  expect(text).toContain('  trigger-48 ');
  expect(text).not.toContain('  trigger-49 ');
  expect(text).toContain('  and 9951 more\n\nWebhooks');
});

test('what is deployed already is compared', () => {
  const example = templateOf(config);
  expect(planned(config, example, example).changes).toEqual([]);
  const again = { ...config, notify: { ...config.notify, email: ['qa@example.com'] } };
  expect(planned(again, templateOf(again), example).changes).toEqual([
    '+ SNS::Subscription qa@example.com',
  ]);
});

test('more schedules in one minute than may run at once are doubted', () => {
  const reservedConcurrency = { ...config.reservedConcurrency, trigger: 2 };
  const schedules = ['a', 'b', 'c'].map((name) => ({ ...nightly, name }));
  const trigger = config.triggers['nightly-regression'];
  if (!trigger) throw new Error('the example has no such trigger');
  const triggers = { 'nightly-regression': { ...trigger, schedules } };
  const plan = planned({ ...config, reservedConcurrency, triggers });
  expect(plan.doubts).toEqual([
    '3 schedules fire in the same minute, and reservedConcurrency.trigger is 2: the others start some seconds later. Write 3, or spread them with flexibleWindow',
  ]);
  expect(plan.schedules.map(({ mostPerDay, perMonth }) => [mostPerDay, perMonth])).toEqual([
    [1, 22],
    [1, 22],
    [1, 22],
  ]);
});

test('more schedules in one minute than the API takes until their deadline are doubted', () => {
  const schedules = ['a', 'b', 'c'].map((name) => ({ ...nightly, name }));
  const trigger = config.triggers['nightly-regression'];
  if (!trigger) throw new Error('the example has no such trigger');
  const triggers = { slow: { ...trigger, schedules, startDeadlineMinutes: 4 } };
  const doubtsAt = (maxStartsPerSecond: number) =>
    planned({ ...config, api: { ...config.api, maxStartsPerSecond }, triggers }).doubts;
  expect(doubtsAt(0.0125)).toEqual([]);
  expect(doubtsAt(0.01)).toEqual([
    '3 schedules fire in the same minute, which takes 5 minutes at api.maxStartsPerSecond 0.01, and the startDeadline of slow is 4 minutes: what comes later expires. Spread them with defaults.flexibleWindow, or write a longer startDeadline',
  ]);
});
