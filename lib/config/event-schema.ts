import * as z from 'zod';
import { EVENT_SOURCE } from '../../lambda/firing/service-event.ts';
import type { EventRule } from '../../lambda/firing/trigger.ts';
import { patternFaults } from './event-pattern.ts';
import { readBus } from './identifiers.ts';
import { across, always, each, type Found, leaf, optional } from './leaf.ts';
import { allow, coalesce } from './webhook-schema.ts';

const ENDS = ['passed', 'failed', 'inconclusive'] as const;

const shape = z.strictObject({
  pattern: optional(
    z.record(z.string(), z.unknown()).superRefine(each(patternFaults)),
    'Which events fire the trigger, as EventBridge writes it: { source: [aws.codepipeline], detail: { state: [SUCCEEDED] } }.',
  ),
  bus: optional(
    leaf(readBus),
    'The event bus on which they arrive: default (the account’s own, and the default), or the name of another one, such as aws.partner/….',
  ),
  after: optional(z.string(), 'Another trigger instead of a pattern: its end fires this one.'),
  kinds: optional(
    z.array(z.enum(ENDS)).min(1).max(ENDS.length),
    'Which ends of it: passed (default), failed, inconclusive.',
  ),
  allow,
  coalesce,
});

type Written = z.output<typeof shape>;

/** One entry of `events` in the triggers file. Its output is what is deployed, not what was written. */
export const eventSchema = shape
  .superRefine(each(wrongKeys), always)
  .superRefine(each(ownEvents), across('pattern', 'bus'))
  .transform(toRule);

function wrongKeys(written: object): Found[] {
  const found = (key: string, message: string) => [{ path: [key], message }];
  const has = (key: string) => key in written;
  if (!has('pattern') && !has('after'))
    return [{ path: [], message: 'has neither pattern nor after; write one of the two' }];
  if (has('pattern') && has('after'))
    return found('after', 'is written beside pattern; write one of the two');
  if (has('pattern') && has('kinds'))
    return found('kinds', 'is for after; write detail in the pattern instead');
  return has('after') && has('bus')
    ? found('bus', 'is for a pattern; the end of a trigger is on the service’s own bus')
    : [];
}

/** A firing that causes events that cause firings would never end; `after` is checked for that. */
function ownEvents({ pattern, bus }: Written): Found[] {
  const instead = 'write after: <trigger> instead, which cannot go round in a circle';
  const source = pattern && 'source' in pattern ? JSON.stringify(pattern.source) : '';
  if (source.includes(EVENT_SOURCE))
    return [{ path: ['pattern', 'source'], message: `is this service itself; ${instead}` }];
  return bus?.startsWith(EVENT_SOURCE)
    ? [{ path: ['bus'], message: `is this service’s own; ${instead}` }]
    : [];
}

function toRule({ pattern, bus, after, kinds, coalesce: minutes, ...rest }: Written): EventRule {
  const common = { ...rest, ...(minutes !== undefined && { coalesceMinutes: minutes }) };
  return after === undefined
    ? { pattern: pattern ?? {}, bus: bus ?? 'default', ...common }
    : { after, kinds: kinds ?? ['passed'], ...common };
}
