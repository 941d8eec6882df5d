import { inject, type ProvidedContext } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { type LocalRun, startLocalRun } from '../../lib/local/local-run.ts';
import type { LocalRunOptions } from '../../lib/local/local-run-options.ts';

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
