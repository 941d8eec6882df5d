import * as z from 'zod';
import type { LocalRule } from './assembly.ts';
import { readPattern } from './event-pattern.ts';
import type { Template } from './template.ts';

const busSchema = z.object({ Name: z.string(), EventSourceName: z.never().optional() });
/** The one form that is imitated: the event's detail within a text. */
const transformerSchema = z.strictObject({
  InputPathsMap: z.strictObject({ detail: z.literal('$.detail') }),
  InputTemplate: z.string(),
});
const ruleSchema = z.object({
  EventBusName: z.string(),
  EventPattern: z.record(z.string(), z.unknown()),
  ScheduleExpression: z.never().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(
    z.object({
      Arn: z.string(),
      Input: z.never().optional(),
      InputPath: z.never().optional(),
      InputTransformer: transformerSchema.optional(),
    }),
  ),
});

/** The names of the stack's event buses. */
export function readBuses(template: Template): string[] {
  return template
    .ofType('AWS::Events::EventBus')
    .map((resource) => template.properties(resource, busSchema).Name);
}

/** The enabled rules on them; each target must be a function of the stack, which gets the whole event, or its detail in a text. */
export function readRules(template: Template): LocalRule[] {
  return template.ofType('AWS::Events::Rule').flatMap((resource) => {
    const { EventBusName, EventPattern, State, Targets } = template.properties(
      resource,
      ruleSchema,
    );
    const pattern = readPattern(EventPattern);
    for (const { Arn } of Targets) template.functionAt(Arn, resource);
    if (State === 'DISABLED') return [];
    const targets = Targets.map(({ Arn, InputTransformer }) => ({
      functionArn: Arn,
      ...(InputTransformer && { template: InputTransformer.InputTemplate }),
    }));
    return [{ bus: EventBusName, pattern, targets }];
  });
}
