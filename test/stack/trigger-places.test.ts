import { expect, test } from 'vitest';
import { parseExpression } from '../../lib/config/schedule-expression.ts';
import type { TriggerEntry, TriggersFile } from '../../lib/config/schema.ts';
import { TriggerPlaces } from '../../lib/stack/trigger-places.ts';
import { assemblyOf, CONFIG, emptyStack, NIGHTLY, NOW } from './synthesized.ts';
import { brokenRules } from './template-rules.ts';

const { webhook: _, ...UNHOOKED } = NIGHTLY;
const schedule = (name: string) => ({
  ...parseExpression('rate(6 hours)'),
  timezone: 'UTC',
  flexibleWindowMinutes: 0,
  enabled: true,
  name,
});
const EARLY: TriggerEntry = { ...UNHOOKED, schedules: [schedule('early')] };
const ON_EVENT: TriggerEntry = {
  ...UNHOOKED,
  schedules: [],
  events: [{ pattern: { source: ['aws.s3'] }, bus: 'default' }],
};

function fileWith(count: number, others: TriggersFile['triggers'] = {}): TriggersFile {
  const names = Array.from({ length: count }, (_, index) => `t${index}`);
  const many = Object.fromEntries(names.map((name) => [name, EARLY]));
  return { ...CONFIG, triggers: { ...many, ...others } };
}

const resourcesIn = (text = '') =>
  Object.values<{ Type: string; Properties: Record<string, unknown> }>(JSON.parse(text).Resources);

const many = assemblyOf(fileWith(200, { 'on-event': ON_EVENT }));
const ROOT = 'run-test-trigger.template.json';

const placesOf = ({ triggers }: TriggersFile) =>
  new TriggerPlaces(emptyStack(), 'Places', triggers);

test('200 schedules are in the stack, and a rule more has all of them in nested stacks', () => {
  expect(placesOf(fileWith(200)).node.children.length).toBe(0);
  const root = resourcesIn(many.templates.get(ROOT));
  const nested = root.filter(({ Type }) => Type === 'AWS::CloudFormation::Stack');
  expect(nested.length).toBeGreaterThan(50);
});

test('schedules in nested stacks have a group of their own, and the names that they had', () => {
  const root = resourcesIn(many.templates.get(ROOT));
  const groups = root.filter(({ Type }) => Type === 'AWS::Scheduler::ScheduleGroup');
  expect(groups.map(({ Properties }) => Properties.Name)).toEqual([
    'run-test-trigger-nested',
    'run-test-trigger-sweep',
  ]);
  expect(many.local.schedules).toHaveLength(201);
  expect(many.local.schedules.find(({ name }) => name === 't7.early')).toMatchObject({
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:run-test-trigger-trigger',
    input: '{"trigger":"t7","schedule":"early","scheduledTime":"<aws.scheduler.scheduled-time>"}',
  });
});

test('one more trigger changes one nested stack', () => {
  const { templates } = assemblyOf(fileWith(201, { 'on-event': ON_EVENT }));
  const isNested = (file: string) => file !== ROOT;
  const changed = [...templates].filter(([file, text]) => many.templates.get(file) !== text);
  expect(changed.map(([file]) => file).filter(isNested)).toHaveLength(1);
  expect([...templates.keys()]).toEqual([...many.templates.keys()]);
});

test('every template is within what CloudFormation takes', () => {
  for (const [file, text] of many.templates) {
    expect(resourcesIn(text).length, file).toBeLessThan(250);
    expect(brokenRules(JSON.parse(text), NOW), file).toEqual([]);
  }
});

test('a rule in a nested stack may invoke the function by its name', () => {
  const root = resourcesIn(many.templates.get(ROOT));
  const sources = root.flatMap(({ Type, Properties: { Principal, SourceArn } }) =>
    Type === 'AWS::Lambda::Permission' && Principal === 'events.amazonaws.com'
      ? (JSON.stringify(SourceArn).match(/rule\/.*event-\*/)?.[0] ?? [])
      : [],
  );
  expect(sources).toEqual(['rule/run-test-trigger-event-*', 'rule/*/run-test-trigger-event-*']);
  expect(many.local.rules.map(({ targets }) => targets[0]?.input)).toContain(
    '{"trigger":"on-event","rule":0,"event":<aws.events.event.json>}',
  );
});

test('a trigger with more schedules than a nested stack takes is refused', () => {
  const schedules = Array.from({ length: 481 }, (_, index) => schedule(`s${index}`));
  expect(() => placesOf(fileWith(0, { nightly: { ...EARLY, schedules } }))).toThrow(
    'One of 64 nested stacks would have 481 schedules and rules, of 1 triggers, and CloudFormation takes 480.',
  );
});
