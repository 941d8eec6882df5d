import * as z from 'zod';
import { fileSchema } from './schema.ts';

/** The JSON Schema that editors complete `triggers.yaml` with: what may be written, before any reading. */
export function jsonSchema(): string {
  const schema = z.toJSONSchema(fileSchema('UTC'), { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: 'run-test-trigger: triggers', ...schema }, null, 2)}\n`;
}
