import * as z from 'zod';
import { serviceEventSchema } from '../../lambda/firing/service-event.ts';
import { fileSchema } from './schema.ts';

/** The JSON Schema that editors complete `triggers.yaml` with: what may be written, before any reading. */
export function triggersJsonSchema(): string {
  const schema = z.toJSONSchema(fileSchema('UTC'), { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: 'run-test-trigger: triggers', ...schema }, null, 2)}\n`;
}

/** The JSON Schema of the `detail` of the events that the service publishes. */
export function serviceEventJsonSchema(): string {
  const schema = z.toJSONSchema(serviceEventSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: 'run-test-trigger: service event', ...schema }, null, 2)}\n`;
}
