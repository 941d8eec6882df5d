import { Duration } from 'aws-cdk-lib/core';
import type { TriggersFile } from '../config/schema.ts';

/** For sweeps that come late, evaluations that are asked for again, and events that are told again. */
const MARGIN_MINUTES = 60;

/** An age, in full hours, at which no firing of these triggers still waits for anything that it should wait for. */
export function oldestOpenFiring({ triggers }: TriggersFile): Duration {
  const longest = Object.values(triggers).map(
    ({ startDeadlineMinutes, unknownGraceMinutes, follow, maxDurationMinutes }) =>
      startDeadlineMinutes + unknownGraceMinutes + (follow ? maxDurationMinutes : 0),
  );
  return Duration.hours(Math.ceil((Math.max(...longest) + MARGIN_MINUTES) / 60));
}
