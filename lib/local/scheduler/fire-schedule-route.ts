import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { didYouMean } from '../../../lambda/api/did-you-mean.ts';
import { firstOf } from '../../../lambda/runtime/first-of.ts';
import type { LocalSchedule } from '../assembly/assembly.ts';

/** `name` is the schedule's in the triggers file, unique in its trigger only. */
export interface ScheduleName {
  readonly trigger: string;
  readonly name: string;
}

/** A schedule and what to do with it, or why the request is refused. */
type ScheduleRequest =
  | {
      readonly ok: true;
      /** `drop`: lose the next occurrence. `miss`: lose one that is overdue. */
      readonly action: 'fire' | 'drop' | 'miss';
      readonly schedule: LocalSchedule;
      readonly of: ScheduleName;
      /** The time that the function gets as its scheduled time. */
      readonly scheduledTime: Date;
    }
  | { readonly ok: false; readonly status: 400 | 404 | 405; readonly message: string };

/** The local run's own addresses, which no template has: fire a schedule as EventBridge Scheduler would, or fail to. */
export const SCHEDULE_PATH = /^\/_local\/schedules\/([^/?]+)\/([^/?]+)(?:\/(drop|miss))?$/;

const inputSchema = z.object({ trigger: z.string(), schedule: z.string() });
const timeSchema = z.iso.datetime({ offset: true });

/**
 * Reads `POST /_local/schedules/{trigger}/{name}?scheduledTime=ISO`, without a time `now`, and the same with `/drop` or `/miss`
 * behind it.
 */
export function readScheduleRequest(
  request: IncomingMessage,
  schedules: readonly LocalSchedule[],
  now: Date,
): ScheduleRequest {
  if (request.method !== 'POST') return refuse(405, 'Use POST');
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, trigger = '', name = '', lose] = SCHEDULE_PATH.exec(url.pathname) ?? [];
  const own = schedules.flatMap((schedule) => {
    const input = triggerOf(schedule);
    return input ? [{ schedule, ...input }] : [];
  });
  const found = own.find((one) => one.trigger === trigger && one.name === name);
  if (!found) {
    const { compare } = new Intl.Collator('en', { numeric: true });
    const known = own.map((one) => `${one.trigger}/${one.name}`).toSorted(compare);
    const near = didYouMean(`${trigger}/${name}`, known) || '.';
    const schedules = firstOf(known).join(', ') || 'none';
    return refuse(404, `No schedule ${trigger}/${name}${near} Schedules: ${schedules}`);
  }
  const action = lose === 'drop' || lose === 'miss' ? lose : 'fire';
  const time = action === 'fire' ? url.searchParams.get('scheduledTime') : null;
  if (time !== null && !timeSchema.safeParse(time).success) {
    return refuse(400, `scheduledTime must be like 2026-11-24T02:00:00Z, not ${time}`);
  }
  const scheduledTime = time === null ? now : new Date(time);
  const { schedule } = found;
  return { ok: true, action, schedule, of: { trigger, name }, scheduledTime };
}

/** The trigger and the schedule that an input names; undefined for the sweep's. */
export function triggerOf({ input }: LocalSchedule): ScheduleName | undefined {
  const { data } = inputSchema.safeParse(JSON.parse(input));
  return data && { trigger: data.trigger, name: data.schedule };
}

function refuse(status: 400 | 404 | 405, message: string): ScheduleRequest {
  return { ok: false, status, message };
}
