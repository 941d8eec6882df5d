import * as z from 'zod';
import type { Template } from './template.ts';

/** Lambda's defaults for an asynchronous event (Lambda API reference, PutFunctionEventInvokeConfig). */
const DEFAULT_RETRIES = 2;
const DEFAULT_MAX_EVENT_AGE_SECONDS = 21_600;

const functionSchema = z.object({
  // In the repository this is the Node that runs them; the package runs them with the one of its user.
  Runtime: z.literal('nodejs24.x'),
  Handler: z.string().regex(/^[\w/-]+\.\w+$/, 'must be file.export'),
  Code: z.object({ S3Key: z.string() }),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).prefault({}),
  ReservedConcurrentExecutions: z.number().optional(),
  LoggingConfig: z.object({
    LogFormat: z.literal('JSON'),
    ApplicationLogLevel: z.string().default('INFO'),
  }),
  DeadLetterConfig: z.never().optional(),
  FileSystemConfigs: z.never().optional(),
  ImageConfig: z.never().optional(),
  Layers: z.never().optional(),
  VpcConfig: z.never().optional(),
});

const eventInvokeSchema = z
  .object({
    FunctionName: z.string(),
    MaximumRetryAttempts: z.number().default(DEFAULT_RETRIES),
    MaximumEventAgeInSeconds: z.number().default(DEFAULT_MAX_EVENT_AGE_SECONDS),
    DestinationConfig: z
      .object({
        OnFailure: z.object({ Destination: z.string() }).optional(),
        OnSuccess: z.never().optional(),
      })
      .default({}),
  })
  .transform(({ FunctionName, DestinationConfig: { OnFailure }, ...config }) => ({
    FunctionName,
    asynchronous: {
      retries: config.MaximumRetryAttempts,
      maxEventAgeSeconds: config.MaximumEventAgeInSeconds,
      /** ARN of the on-failure destination. Absent: Lambda drops an event that keeps failing. */
      ...(OnFailure && { onFailure: OnFailure.Destination }),
    },
  }));

/** The stack's functions, with what Lambda does for their asynchronous events. */
export function readFunctions(template: Template) {
  const configs = template.read('AWS::Lambda::EventInvokeConfig', eventInvokeSchema);
  return template.read('AWS::Lambda::Function', functionSchema).map(({ resource, properties }) => {
    const name = template.nameOf(resource);
    const config =
      configs.find((one) => one.properties.FunctionName === name)?.properties ??
      eventInvokeSchema.parse({ FunctionName: name });
    const { ReservedConcurrentExecutions: reservedConcurrency } = properties;
    return {
      arn: template.arnOf(resource),
      name,
      /** The name without the stack's: what a person reads in the log. */
      label: name.replace(`${template.stackName}-`, ''),
      handler: properties.Handler,
      runtime: properties.Runtime,
      assetDirectory: template.assetDirectory(properties.Code.S3Key),
      timeoutSeconds: properties.Timeout,
      memoryMb: properties.MemorySize,
      environment: properties.Environment.Variables,
      logLevel: properties.LoggingConfig.ApplicationLogLevel,
      /** Absent: shares what the account leaves unreserved. */
      ...(reservedConcurrency !== undefined && { reservedConcurrency }),
      asynchronous: config.asynchronous,
    };
  });
}
