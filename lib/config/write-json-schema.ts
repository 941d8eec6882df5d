import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { configurationReference } from './configuration-reference.ts';
import { serviceEventJsonSchema, triggersJsonSchema } from './json-schema.ts';
import { triggersInputType } from './triggers-input-type.ts';

const docs = new URL('../../docs/', import.meta.url);
const triggers = triggersJsonSchema();
const examples: unknown = parse(readFileSync(new URL('every-key.yaml', docs), 'utf8'));

writeFileSync(new URL('./triggers.schema.json', import.meta.url), triggers);
writeFileSync(
  new URL('./triggers-input.ts', import.meta.url),
  await triggersInputType(JSON.parse(triggers)),
);
writeFileSync(new URL('service-event.schema.json', docs), serviceEventJsonSchema());
writeFileSync(
  new URL('configuration.md', docs),
  configurationReference(JSON.parse(triggers), examples),
);
