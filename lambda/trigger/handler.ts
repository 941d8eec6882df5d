import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { deployedIn, type TriggersOf } from '../config/config-files.ts';
import { deployment } from '../deployment.ts';
import { lambda } from '../runtime/aws.ts';
import { required } from '../runtime/environment.ts';
import { ANSWER_MS } from '../runtime/limits.ts';
import { answerRefusals } from '../runtime/refused.ts';
import { addMs } from '../runtime/time.ts';
import { readCommand } from './command.ts';
import { trigger } from './trigger.ts';
import { sweepWaker } from './wake-sweep.ts';

const { files, context: deployed, carry } = deployment(import.meta.url);
const sweep = lambda({ maxAttempts: 1, answerMs: ANSWER_MS });
const context = {
  ...deployed,
  wakeSweep: sweepWaker(sweep, required(process.env, 'SWEEP_FUNCTION'), deployed),
};

const namedSchema = z.object({ trigger: z.string() });

/** The trigger that is named; all where it is not deployed, so that the refusal can tell their names. */
function triggersFor(named: unknown): TriggersOf['triggers'] {
  const name = namedSchema.safeParse(named).data?.trigger;
  const { triggers } = files.named([name]);
  return name === undefined || Object.hasOwn(triggers, name) ? triggers : files.all().triggers;
}

/** Invoked by the schedules, and by people through the command line. */
export const handler = middy<unknown, object>()
  .use(answerRefusals)
  .before(carry)
  .handler(async (event: unknown, invocation: Context) => {
    const until = addMs(context.now(), invocation.getRemainingTimeInMillis());
    const command = readCommand(event);
    if (!command) return trigger(event, triggersFor(event), context, until);
    const { handleCommand } = await import('./handle-command.ts');
    const { fitting } = await import('./compressed-answer.ts');
    const deployed =
      command.command === 'describe'
        ? deployedIn(files)
        : { ...files.index, triggers: triggersFor(command) };
    return fitting(await handleCommand(command, deployed, context, until));
  });
