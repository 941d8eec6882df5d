import { Duration } from 'aws-cdk-lib/core';
import type { TriggersFile } from '../config/schema.ts';

/** For late sweeps, and for evaluations and events that are tried again. */
const MARGIN_MINUTES = 60;

/** An age, in full hours, that no firing of these triggers reaches while all is well. */
export function oldestOpenFiring({ triggers }: TriggersFile): Duration {
  const longest = Object.values(triggers).map(
    ({ startDeadlineMinutes, unknownGraceMinutes, follow, maxDurationMinutes }) =>
      startDeadlineMinutes + unknownGraceMinutes + (follow ? maxDurationMinutes : 0),
  );
  return Duration.hours(Math.ceil((Math.max(...longest) + MARGIN_MINUTES) / 60));
}
