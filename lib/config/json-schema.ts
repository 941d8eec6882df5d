import * as z from 'zod';
import { serviceEventSchema } from '../../lambda/firing/service-event.ts';
import { fileSchema } from './schema.ts';

/** The JSON Schema that editors complete `triggers.yaml` with: what a person may write. */
export function triggersJsonSchema(): string {
  return jsonSchema(
    'triggers',
    fileSchema({ timezone: 'UTC', flexibleWindowMinutes: 0, policies: {} }),
  );
}

/** The JSON Schema of the `detail` of the events that the service publishes. */
export function serviceEventJsonSchema(): string {
  return jsonSchema('service event', serviceEventSchema);
}

function jsonSchema(of: string, schema: z.core.$ZodType): string {
  const content = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: `run-test-trigger: ${of}`, ...content }, null, 2)}\n`;
}
