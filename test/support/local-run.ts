import { inject, type ProvidedContext } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { type LocalRun, type LocalRunOptions, startLocalRun } from '../../lib/local/local-run.ts';

/** Runs a triggers file of test/fixtures, synthesized already: with the stand-in, firing only when asked, and silent. */
export function runFixture(
  name: keyof ProvidedContext['stacks'],
  options: Pick<LocalRunOptions, 'stateDirectory'> & Partial<LocalRunOptions>,
): Promise<LocalRun> {
  return startLocalRun({
    synthesize: async () => inject('stacks')[name],
    port: 0,
    environment: {},
    schedules: false,
    clock: systemClock,
    log: () => {},
    notice: () => {},
    ...options,
  });
}
