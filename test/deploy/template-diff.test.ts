import { expect, test } from 'vitest';
import type { TriggerEntry, TriggersFile } from '../../lib/config/schema.ts';
import { templateDiff } from '../../lib/deploy/template-diff.ts';
import { CONFIG, NIGHTLY, NOW, OTHER, SECOND_DAY, templateOf } from '../stack/synthesized.ts';

const { webhook: _, ...WITHOUT_WEBHOOK } = NIGHTLY;
const withNightly = (nightly: TriggerEntry, name = 'nightly'): TriggersFile => ({
  ...CONFIG,
  triggers: { ...CONFIG.triggers, nightly: WITHOUT_WEBHOOK, [name]: nightly },
});
const template = (file: TriggersFile, now = NOW) => templateOf(file, undefined, now).toJSON();
const before = template(CONFIG);

test('a webhook that is removed and added again changes a permission, and no name is in the way', () => {
  const without = template(withNightly(WITHOUT_WEBHOOK));
  expect(templateDiff(before, without)).toEqual([
    '~ IAM::Policy WebhookRoleDefaultPolicy: PolicyDocument',
  ]);
  expect(templateDiff(without, before)).toEqual([
    '~ IAM::Policy WebhookRoleDefaultPolicy: PolicyDocument',
  ]);
});

test('a trigger that is renamed gets schedules of other names, and its data stays', () => {
  const { nightly, ...others } = CONFIG.triggers;
  expect(nightly).toBe(NIGHTLY);
  const renamed = template({ ...CONFIG, triggers: { weekly: NIGHTLY, ...others } });
  expect(templateDiff(before, renamed)).toEqual([
    '- Scheduler::Schedule nightly.weekdays',
    '- Scheduler::Schedule nightly.once',
    '+ Scheduler::Schedule weekly.weekdays',
    '+ Scheduler::Schedule weekly.once',
  ]);
});

test('a start that is over is left out of the next deployment', () => {
  const later = template(CONFIG, SECOND_DAY);
  expect(templateDiff(before, later)).toEqual([
    '~ Scheduler::Schedule nightly.weekdays: StartDate',
  ]);
  const again = template(CONFIG, new Date('2026-12-11T00:00:00Z'));
  expect(templateDiff(later, again)).toEqual([]);
});

test('a longer start deadline changes the schedules and what counts as too old', () => {
  const longer = template(withNightly({ ...NIGHTLY, startDeadlineMinutes: 240 }));
  expect(templateDiff(before, longer)).toEqual([
    '~ Scheduler::Schedule nightly.weekdays: Target',
    '~ Scheduler::Schedule nightly.once: Target',
    '~ CloudWatch::Alarm run-test-trigger-oldest-open-firing: AlarmDescription, Threshold',
  ]);
});

test('a ledger of an earlier stack is used, and the one of this stack stays in the account', () => {
  const other = template(OTHER);
  expect(templateDiff(before, other)).toContain(
    '- DynamoDB::Table LedgerTable (stays in the account)',
  );
  expect(templateDiff(undefined, other)).not.toContain('+ DynamoDB::Table LedgerTable');
});
