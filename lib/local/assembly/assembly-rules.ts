import * as z from 'zod';
import type { Template } from './template.ts';

const busSchema = z.object({ Name: z.string(), EventSourceName: z.never().optional() });
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
      InputTransformer: z
        .object({
          InputTemplate: z
            .string()
            .refine((template) => !/<(?!aws\.events\.event\.json>)/.test(template), {
              error: 'has another placeholder than <aws.events.event.json>',
            }),
          InputPathsMap: z.never().optional(),
        })
        .optional(),
    }),
  ),
});

/** The names of the account's own event bus, the stack's, and those that its rules are on. */
export function readBuses(template: Template): string[] {
  const own = template.read('AWS::Events::EventBus', busSchema);
  const names = own.map(({ properties }) => properties.Name);
  return ['default', ...names, ...readRules(template).map(({ bus }) => bus)];
}

/** The enabled rules on them; each target must be a function of the stack. */
export function readRules(template: Template) {
  return template.read('AWS::Events::Rule', ruleSchema).flatMap(({ resource, properties }) => {
    const { EventBusName, EventPattern: pattern, State, Targets } = properties;
    for (const { Arn } of Targets) template.functionAt(Arn, resource);
    if (State === 'DISABLED') return [];
    const targets = Targets.map(({ Arn: functionArn, InputTransformer: transformer }) => ({
      functionArn,
      /** JSON text with EventBridge's placeholder for the event. Absent: the event itself. */
      input: transformer?.InputTemplate,
    }));
    return [{ bus: EventBusName, pattern, targets }];
  });
}
