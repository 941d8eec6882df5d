import * as z from 'zod';

/**
 * What CloudFormation, EventBridge Scheduler and CloudWatch Logs refuse of a template that is valid, as far as the template
 * and the time can show it. It cannot see quotas of an account, names that other stacks of it have, permissions of who
 * deploys, whether a service is there in a region, how long CloudFormation waits between two requests and how often it repeats
 * one that was throttled. Of what is created at once it counts only the types in AT_ONCE: it cannot see a throttle of log
 * groups and their retention, alarms, functions, roles, queues or the API, a quota that this account has lowered, or what
 * other stacks create in the same second.
 * Returns a sentence for each rule that is broken.
 */
export function brokenRules(template: unknown, now: Date): string[] {
  const resources = Object.entries(templateSchema.parse(template).Resources);
  const each = resources.flatMap(([id, resource]) =>
    [fixedName, ...scheduleRules].flatMap((rule) => {
      const broken = rule(resource, now);
      return broken === undefined ? [] : [`${id}: ${broken}`];
    }),
  );
  return [...each, ...tooManyAtOnce(resources)];
}

const resourceSchema = z.object({
  Type: z.string(),
  DeletionPolicy: z.string().default('Delete'),
  DependsOn: z.union([z.string(), z.array(z.string())]).default([]),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });
type Resource = z.infer<typeof resourceSchema>;

/** What names a resource of a type that is kept. */
const NAMES = ['TableName', 'QueueName', 'LogGroupName', 'Name'];
/** These do not take a name again before some days are over, so a stack must not create them by name. */
const NEVER_CREATED = ['AWS::SecretsManager::Secret', 'AWS::KMS::Key'];

/** What stays when a stack is removed is in the way of the next one if it has the same name. */
function fixedName({ Type, DeletionPolicy, Properties }: Resource): string | undefined {
  if (NEVER_CREATED.includes(Type)) return `the stack creates ${Type}`;
  if (DeletionPolicy === 'Delete') return undefined;
  if (DeletionPolicy === 'Retain' && Type !== 'AWS::DynamoDB::Table') {
    return 'it stays when its creation is rolled back';
  }
  const fixed = NAMES.find((name) => {
    const text = JSON.stringify(Properties[name]);
    return text !== undefined && !text.includes('AWS::StackId');
  });
  return fixed === undefined ? undefined : `it stays, and its ${fixed} is fixed`;
}

/** How far back a start may be, and the longest expression and name (EventBridge Scheduler API reference). */
const PAST_MS = 5 * 60_000;
const LONGEST = { ScheduleExpression: 256, Name: 64 };

const scheduleRules = [
  ({ Type, Properties }: Resource, now: Date) => {
    const start = Properties.StartDate;
    if (Type !== 'AWS::Scheduler::Schedule' || typeof start !== 'string') return undefined;
    return now.getTime() - Date.parse(start) > PAST_MS
      ? `it starts in the past: ${start}`
      : undefined;
  },
  ({ Type, Properties }: Resource) => {
    if (Type !== 'AWS::Scheduler::Schedule') return undefined;
    const long = Object.entries(LONGEST).find(
      ([key, most]) => String(Properties[key]).length > most,
    );
    return long && `${long[0]} is longer than ${long[1]} characters`;
  },
];

/**
 * Requests a second that the services' quota pages allow; of resources that nothing of their type holds back, all are
 * created at once. Schedules: in the regions with the lowest quota. Rules: PutRule and PutTargets share 50.
 */
const AT_ONCE = {
  'AWS::Logs::MetricFilter': 5,
  'AWS::Scheduler::ScheduleGroup': 10,
  'AWS::Scheduler::Schedule': 250,
  'AWS::Events::Rule': 25,
};

function tooManyAtOnce(resources: readonly (readonly [string, Resource])[]): string[] {
  return Object.entries(AT_ONCE).flatMap(([type, most]) => {
    const created = resources.filter(([, { Type }]) => Type === type);
    const ids = new Set(created.map(([id]) => id));
    const free = created.filter(
      ([, { DependsOn }]) => ![DependsOn].flat().some((id) => ids.has(id)),
    );
    return free.length > most
      ? [`${free.length} of ${type} are created at once, ${most} may be`]
      : [];
  });
}
