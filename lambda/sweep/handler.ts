import { setTimeout } from 'node:timers/promises';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { deployment } from '../deployment.ts';
import { publisher } from '../events/publish.ts';
import { endQuiet } from '../events/quiet-hours.ts';
import { eventBridge } from '../runtime/aws.ts';
import { required } from '../runtime/environment.ts';
import { log } from '../runtime/log.ts';
import { addMs } from '../runtime/time.ts';
import { beat } from './heartbeat.ts';
import { tellSummary } from './summary.ts';
import { type SweepSummary, sweep } from './sweep.ts';
import { watchSchedules } from './watch-schedules.ts';
import { watchedSweep } from './watched-sweep.ts';
import { workTime } from './work-time.ts';

const { files, readSecret, context: deployed, carry } = deployment(import.meta.url);
const context = {
  ...deployed,
  publish: publisher(eventBridge(), required(process.env, 'EVENT_BUS')),
  looks: new Map(),
};
const readTriggers = () => files.all().triggers;
const inWorkTime = workTime(context.now);

/**
 * Invoked once a minute, and when recorded firings wait for their start; one at a time. It fails when the schedules
 * cannot be watched or the open firings cannot be read: the dead man's switch counts the invocations that do not fail.
 */
export const handler = middy<unknown, SweepSummary>()
  .before(carry)
  .handler((event: unknown, invocation: Context) => {
    const until = addMs(context.now(), invocation.getRemainingTimeInMillis());
    return inWorkTime(event, (workUntil) => sweepAndTell(until, workUntil));
  });

async function sweepAndTell(until: Date, workUntil: Date): Promise<SweepSummary> {
  const summary = await watchedSweep(
    () => watchSchedules(files, context),
    () => sweep(context, until, { workUntil, sleep: setTimeout }),
  );
  // After the starts: the bus may be away.
  const { quietHours, summary: timing, heartbeatSecret } = context;
  if (quietHours) await told('quiet hours', endQuiet(context));
  if (timing) await told('summary', tellSummary(timing, readTriggers, context, until));
  if (heartbeatSecret !== undefined) await beat(heartbeatSecret, readSecret);
  return summary;
}

/** Waits for a message to people. One that fails is told by a later sweep: the firings' own work is done. */
async function told(subject: string, telling: Promise<void>): Promise<void> {
  await telling.catch((error: unknown) => log('tell_failed', { subject, message: String(error) }));
}
