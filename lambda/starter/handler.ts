import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { deployment } from '../deployment.ts';
import { addMs } from '../runtime/time.ts';
import { startRecorded } from './start-recorded.ts';

const { context, carry } = deployment(import.meta.url);

/** Invoked by the webhook function for each firing that it has recorded. */
export const handler = middy<unknown, void>()
  .before(carry)
  .handler((event: unknown, invocation: Context) =>
    startRecorded(event, context, addMs(context.now(), invocation.getRemainingTimeInMillis())),
  );
