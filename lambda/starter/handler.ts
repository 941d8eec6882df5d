import type { Context } from 'aws-lambda';
import { deployment } from '../deployment.ts';
import { addMs } from '../runtime/time.ts';
import { startRecorded } from './start-recorded.ts';

const { context, carry } = deployment(import.meta.url);

/** Invoked by the webhook function for each firing that it has recorded. */
export async function handler(event: unknown, invocation: Context): Promise<void> {
  await carry();
  await startRecorded(event, context, addMs(context.now(), invocation.getRemainingTimeInMillis()));
}
