import * as z from 'zod';
import type { LocalSchedule } from '../assembly/assembly.ts';
import { readJsonFile, writeFileAtomically } from '../files/state-file.ts';

const stateSchema = z.record(
  z.string(),
  z.object({ expression: z.string(), createdAt: z.iso.datetime() }),
);

/**
 * When this machine first saw each schedule, kept in `file` so that a restart does not restart its rate. A
 * changed expression does. Throws when the file cannot be read.
 */
export function scheduleCreation(
  file: string,
  schedules: readonly LocalSchedule[],
  now: Date,
): (schedule: LocalSchedule) => Date {
  const known = readJsonFile(file, stateSchema) ?? {};
  const entries = schedules.map(({ name, schedule: { expression } }) => {
    const seen = known[name];
    const createdAt = seen?.expression === expression ? seen.createdAt : now.toISOString();
    return [name, { expression, createdAt }] as const;
  });
  const state = Object.fromEntries(entries);
  writeFileAtomically(file, JSON.stringify(state, null, 2));
  return ({ name }) => new Date(state[name]?.createdAt ?? now);
}
