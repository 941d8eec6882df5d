import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { systemClock } from '../../../lib/clock.ts';
import { startServices } from '../../../lib/local/services/local-services.ts';

const { config } = inject('stacks')['local-run'];
const listening = () =>
  process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

test('a damaged file of executions is refused, and nothing listens then: the process can end', async () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'services-'));
  writeFileSync(join(stateDirectory, 'stand-in-executions.jsonl'), '{"a":');
  const before = listening();
  const keys = { functions: 'A', operator: 'B' };
  const starting = startServices({ config, target: { kind: 'stand-in' } }, keys, {
    stateDirectory,
    clock: systemClock,
  });
  await expect(starting).rejects.toThrow('stand-in-executions.jsonl:1 is damaged');
  expect(listening()).toBe(before);
});
