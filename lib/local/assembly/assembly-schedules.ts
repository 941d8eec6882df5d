import * as z from 'zod';
import { parseExpression } from '../../config/schedule-expression.ts';
import type { Template } from './template.ts';

/** EventBridge Scheduler's default for RetryPolicy.MaximumEventAgeInSeconds. */
const DEFAULT_MAX_EVENT_AGE_SECONDS = 86_400;

const scheduleSchema = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  StartDate: z.string().optional(),
  EndDate: z.string().optional(),
  FlexibleTimeWindow: z.object({
    Mode: z.enum(['OFF', 'FLEXIBLE']),
    MaximumWindowInMinutes: z.number().default(0),
  }),
  Target: z.object({
    Arn: z.string(),
    Input: z.string().default('{}'),
    RetryPolicy: z
      .object({ MaximumEventAgeInSeconds: z.number().default(DEFAULT_MAX_EVENT_AGE_SECONDS) })
      .prefault({}),
  }),
});

/** The stack's schedules; each must invoke a function of the stack. */
export function readSchedules(template: Template) {
  return template
    .read('AWS::Scheduler::Schedule', scheduleSchema)
    .map(({ resource, properties }) => {
      const { FlexibleTimeWindow: window, Target: target, StartDate, EndDate } = properties;
      template.functionAt(target.Arn, resource);
      return {
        name: template.nameOf(resource),
        schedule: {
          ...parseExpression(properties.ScheduleExpression),
          timezone: properties.ScheduleExpressionTimezone,
          flexibleWindowMinutes: window.Mode === 'OFF' ? 0 : window.MaximumWindowInMinutes,
          ...(StartDate !== undefined && { start: StartDate }),
          ...(EndDate !== undefined && { end: EndDate }),
          enabled: properties.State === 'ENABLED',
        },
        functionArn: target.Arn,
        /** JSON text with EventBridge Scheduler's placeholders. */
        input: target.Input,
        maxEventAgeSeconds: target.RetryPolicy.MaximumEventAgeInSeconds,
      };
    });
}
