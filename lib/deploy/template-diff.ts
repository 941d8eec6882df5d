import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().default('Delete'),
});
const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });
type Resource = z.infer<typeof resourceSchema>;

/** Properties with the name that people know a resource by. */
const NAMES = ['Name', 'FunctionName', 'AlarmName', 'DashboardName', 'Endpoint'] as const;
/** The CDK appends a hash to logical ids. */
const HASH = /[0-9A-F]{8}$/;

/**
 * What a deployment would change, a line for each resource: `+` created, `-` removed, `~` changed with the properties, as
 * `Scheduler::Schedule nightly.early: StartDate`. Empty: nothing. What only CloudFormation's metadata says is left out.
 * @param deployed undefined before the first deployment.
 */
export function templateDiff(deployed: unknown, next: unknown): string[] {
  const before = resourcesOf(deployed);
  const after = resourcesOf(next);
  const removed = [...before].filter(([id]) => !after.has(id));
  const gone = removed.map(
    ([id, resource]) =>
      `- ${nameOf(id, resource)}${resource.DeletionPolicy === 'Delete' ? '' : ' (stays in the account)'}`,
  );
  const others = [...after].flatMap(([id, resource]) => {
    const known = before.get(id);
    if (!known) return [`+ ${nameOf(id, resource)}`];
    const changed = changedProperties(known, resource);
    return changed.length > 0 ? [`~ ${nameOf(id, resource)}: ${changed.join(', ')}`] : [];
  });
  return [...gone, ...others];
}

/** By logical id; none without a template. */
export function resourcesOf(template: unknown): Map<string, Resource> {
  const { Resources } = templateSchema.parse(template ?? { Resources: {} });
  return new Map(Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata'));
}

function changedProperties({ Properties: before }: Resource, { Properties: after }: Resource) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => !isDeepStrictEqual(before[name], after[name])).toSorted();
}

function nameOf(id: string, { Type, Properties }: Resource): string {
  const name = NAMES.map((key) => Properties[key]).find((value) => typeof value === 'string');
  return `${Type.replace(/^AWS::/, '')} ${name ?? id.replace(HASH, '')}`;
}
