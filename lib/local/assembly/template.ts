import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { ACCOUNT, REGION } from './account.ts';
import { resolve, type Scope } from './intrinsics.ts';

interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
  Parameters: z.record(z.string(), z.object({ Default: z.unknown().optional() })).default({}),
});

const assetsSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

/** The property that CloudFormation's Ref returns, where it is not the name of the thing. */
const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::EventBus': 'Name',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Scheduler::ScheduleGroup': 'Name',
};

/** Types whose Ref is the ARN. */
const ARN_REFS: ReadonlySet<string> = new Set(['AWS::SNS::Topic']);

const nestedSchema = z.object({
  TemplateURL: z.string(),
  Parameters: z.record(z.string(), z.unknown()).default({}),
});

/** What a nested stack has of the one around it. */
interface Surroundings {
  /** Files and directories by the keys of their S3 objects. */
  readonly assets: ReadonlyMap<string, string>;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly functionAt: (arn: string, user: Resource) => void;
}

/** Reads `<stack>.template.json` and the asset manifest beside it, as `cdk synth` writes them, and those of nested stacks. */
export function readTemplates(
  file: string,
  stackName: string,
  around?: Surroundings,
): [Template, ...Template[]] {
  const template = readTemplate(file, stackName, around);
  const nested = template.read('AWS::CloudFormation::Stack', nestedSchema);
  return [
    template,
    ...nested.flatMap(({ resource, properties: { TemplateURL, Parameters: parameters } }) => {
      const path = template.assetDirectory(basename(TemplateURL));
      return readTemplates(path, `${stackName}-${resource.logicalId}`, { ...template, parameters });
    }),
  ];
}

/** A synthesized stack: its resources, and the local values of what they refer to. */
export type Template = ReturnType<typeof readTemplate>;

function readTemplate(file: string, stackName: string, around: Surroundings | undefined) {
  const { Resources, Parameters } = templateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const assets = around?.assets ?? assetsIn(file.replace(/\.template\.json$/, '.assets.json'));
  const pseudo: Record<string, unknown> = {
    'AWS::AccountId': ACCOUNT,
    'AWS::Region': REGION,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stackName}/local`,
    'AWS::NoValue': undefined,
  };
  const scope: Scope = { ref, getAtt };
  const resources = Object.entries(Resources).map(
    ([logicalId, { Type: type, Properties: properties }]) => ({ logicalId, type, properties }),
  );

  return {
    stackName,
    assets,
    /** Resources of this type, with their properties in the form that `schema` demands. */
    read: <T>(wanted: string, schema: z.ZodType<T>) =>
      resources
        .filter(({ type }) => type === wanted)
        .map((resource) => ({ resource, properties: propertiesOf(resource, schema) })),
    /** Resources of every other type. */
    others: (types: readonly string[]) => resources.filter(({ type }) => !types.includes(type)),
    /** What Ref returns: the physical name. */
    nameOf: ({ logicalId }: Resource) => physicalName(logicalId),
    arnOf: ({ logicalId }: Resource) => arnOf(logicalId),
    /** Throws, naming `user`, unless the ARN is that of a function of the stack. */
    functionAt(arn: string, user: Resource): void {
      const functions = resources.filter(({ type }) => type === 'AWS::Lambda::Function');
      if (functions.some(({ logicalId }) => arnOf(logicalId) === arn)) return;
      if (!around) {
        throw new Error(
          `${user.type} ${user.logicalId} invokes ${arn}, which is not a function of this stack`,
        );
      }
      around.functionAt(arn, user);
    },
    /** The file or directory of the asset that an S3 key names. */
    assetDirectory(s3Key: string): string {
      const directory = assets.get(s3Key);
      if (!directory) throw new Error(`No asset ${s3Key} in the assembly of ${file}`);
      return directory;
    },
  };

  function propertiesOf<T>({ type, logicalId, properties }: Resource, schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(resolve(properties, scope));
    if (parsed.success) return parsed.data;
    throw new Error(
      `The local run cannot imitate ${type} ${logicalId}:\n${z.prettifyError(parsed.error)}`,
    );
  }

  function ref(name: string): unknown {
    if (Object.hasOwn(pseudo, name)) return pseudo[name];
    if (Object.hasOwn(Parameters, name)) {
      return around?.parameters[name] ?? Parameters[name]?.Default;
    }
    return ARN_REFS.has(Resources[name]?.Type ?? '') ? arnOf(name) : physicalName(name);
  }

  function getAtt(logicalId: string, attribute: string): unknown {
    return attribute === 'Arn' ? arnOf(logicalId) : `${logicalId}.${attribute}`;
  }

  function arnOf(logicalId: string): string {
    const service = Resources[logicalId]?.Type.split('::')[1]?.toLowerCase();
    const kind = service === 'lambda' ? 'function:' : '';
    return `arn:aws:${service}:${REGION}:${ACCOUNT}:${kind}${physicalName(logicalId)}`;
  }

  function physicalName(logicalId: string): string {
    const resource = Resources[logicalId];
    if (!resource)
      throw new Error(`The template refers to ${logicalId}, which it does not contain`);
    const property = NAME_PROPERTIES[resource.Type];
    const name = property && resolve(resource.Properties[property], scope);
    return typeof name === 'string' ? name : property ? `${stackName}-${logicalId}` : logicalId;
  }
}

function assetsIn(manifest: string): Map<string, string> {
  const { files } = assetsSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const pairs = Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(
      ({ objectKey }) => [objectKey, join(dirname(manifest), source.path)] as const,
    ),
  );
  return new Map(pairs);
}
