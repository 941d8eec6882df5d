import { writeFileSync } from 'node:fs';
import { serviceEventJsonSchema, triggersJsonSchema } from './json-schema.ts';

writeFileSync(new URL('./triggers.schema.json', import.meta.url), triggersJsonSchema());
writeFileSync(
  new URL('../../docs/service-event.schema.json', import.meta.url),
  serviceEventJsonSchema(),
);
