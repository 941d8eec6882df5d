import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { FiringReport } from '../../lambda/firing/firing-report.ts';
import type { Command } from '../../lambda/trigger/command.ts';
import { opened } from '../../lambda/trigger/compressed-answer.ts';
import type { Answers } from '../../lambda/trigger/handle-command.ts';
import { InputError } from '../input-error.ts';
import { isBroken } from './aws-fault.ts';
import type { Target } from './target.ts';
import { withClient } from './with-client.ts';

/** A function that throttles is asked again: it is busy with starts that take seconds. */
const MOST_ATTEMPTS = 8;

/** What the function died of, in its own words: what it was asked for may have been done. */
export class FunctionFailedError extends Error {
  override readonly name = 'FunctionFailedError';
}

/** Sends a person's command. Throws InputError when the function refuses it. */
export async function sendCommand<C extends Command>(
  target: Target,
  command: C,
): Promise<Answers[C['command']]> {
  return opened(await invoke(target, target.commandFunction, command));
}

/** Sends an event that fires its trigger; the same event twice is reported as a duplicate. */
export async function fire(target: Target, event: object): Promise<FiringReport> {
  return JSON.parse(await invoke(target, target.commandFunction, event));
}

/** How a function's answer begins where it does not do what a person asks. */
const REFUSED = '{"refused":';

/**
 * Runs a function and waits for its result, JSON text. Throws InputError with why it refuses the event, and
 * FunctionFailedError with what it threw.
 */
export async function invoke(target: Target, functionName: string, event: object): Promise<string> {
  const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) });
  const lambda = new LambdaClient({ ...target.client('lambda'), maxAttempts: MOST_ATTEMPTS });
  // The first attempt that may have arrived, whatever a later one meets.
  let broken: unknown;
  const eachAttempt = { step: 'finalizeRequest', priority: 'low' } as const;
  lambda.middlewareStack.add(
    (next) => (args) =>
      next(args).catch((error: unknown) => {
        if (isBroken(error)) broken ??= error;
        throw error;
      }),
    eachAttempt,
  );
  const sent = withClient(lambda, (client) => client.send(command));
  const { FunctionError, Payload } = await sent.catch((error: unknown) => {
    throw broken ?? error;
  });
  const payload = Payload?.transformToString() ?? '';
  if (payload.startsWith(REFUSED)) throw new InputError(asTyped(JSON.parse(payload).refused));
  if (FunctionError === undefined) return payload;
  const { errorType, errorMessage = FunctionError } = JSON.parse(payload);
  if (errorType === 'RefusedError') throw new InputError(asTyped(errorMessage));
  throw new FunctionFailedError(errorMessage);
}

/** The function knows the command at the end, but not how this person types it. */
function asTyped(text: string): InputError['said'] {
  return (typed) => text.replace(/npx rtt (.+)$/, (_, words: string) => typed(words));
}
