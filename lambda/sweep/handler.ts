import { setTimeout } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { deployedApi } from '../api/api.ts';
import { readConfigFiles } from '../config/config-files.ts';
import { publisher } from '../events/publish.ts';
import { endQuiet } from '../events/quiet-hours.ts';
import { openLedger } from '../ledger/ledger.ts';
import { carryOver } from '../policies/carry-over.ts';
import { dynamoDb, eventBridge, secretsManager } from '../runtime/aws.ts';
import { required } from '../runtime/environment.ts';
import { log } from '../runtime/log.ts';
import { secretReader } from '../runtime/secrets.ts';
import { addMs } from '../runtime/time.ts';
import { beat } from './heartbeat.ts';
import { tellSummary } from './summary.ts';
import { type SweepSummary, sweep } from './sweep.ts';
import { watchSchedules } from './watch-schedules.ts';
import { watchedSweep } from './watched-sweep.ts';
import { workTime } from './work-time.ts';

const files = readConfigFiles(import.meta.url);
const config = files.index;
const now = () => new Date();
const readSecret = secretReader(secretsManager(), now);
const context = {
  ...config,
  ledger: openLedger(dynamoDb(), required(process.env, 'LEDGER_TABLE')),
  api: deployedApi(config, readSecret, required(process.env, 'API_BASE_URL'), now),
  publish: publisher(eventBridge(), required(process.env, 'EVENT_BUS')),
  looks: new Map(),
  now,
};
const readTriggers = () => files.all().triggers;
const inWorkTime = workTime(now);
const carry = carryOver(config.renamed, context.ledger);
log('function_started', { version: process.env.RTT_VERSION });

/**
 * Invoked once a minute, and when recorded firings wait for their start; one at a time. It fails when the schedules
 * cannot be watched or the open firings cannot be read: the dead man's switch counts the invocations that do not fail.
 */
export function handler(event: unknown, invocation: Context): Promise<SweepSummary> {
  const until = addMs(now(), invocation.getRemainingTimeInMillis());
  return inWorkTime(event, (workUntil) => sweepAndTell(until, workUntil));
}

async function sweepAndTell(until: Date, workUntil: Date): Promise<SweepSummary> {
  await carry();
  const summary = await watchedSweep(
    () => watchSchedules(files, context),
    () => sweep(context, until, { workUntil, sleep: setTimeout }),
  );
  // After the starts: the bus may be away.
  const { quietHours, summary: timing, heartbeatSecret } = config;
  if (quietHours) await told('quiet hours', endQuiet(context));
  if (timing) await told('summary', tellSummary(timing, readTriggers, context));
  if (heartbeatSecret !== undefined) await beat(heartbeatSecret, readSecret);
  return summary;
}

/** Waits for a message to people. One that fails is told by a later sweep: the firings' own work is done. */
async function told(subject: string, telling: Promise<void>): Promise<void> {
  await telling.catch((error: unknown) => log('tell_failed', { subject, message: String(error) }));
}
