import { InvalidArgumentError } from '@commander-js/extra-typings';
import { EXIT, type Io } from '../cli/io.ts';
import { run } from '../cli/run.ts';
import { InputError } from '../input-error.ts';
import { workflowCommand } from '../report/github.ts';
import { fireByWebhook } from './fire-by-webhook.ts';
import { input, jobId, scenariosIn } from './inputs.ts';

/** The exit codes of `rtt fire`, in the words of `fail-on`. What is missing here always fails the job. */
const FAILS = new Map<number, string>([
  [EXIT.failed, 'failed'],
  [EXIT.notStarted, 'not-started'],
  [EXIT.timedOut, 'timed-out'],
  [EXIT.lostSight, 'no-answer'],
]);

/**
 * What the GitHub Action does: `rtt fire` with the inputs of the environment, or a delivery to the trigger's webhook. Writes
 * the outputs, the summary of the job and one annotation. Resolves with the exit code of the job.
 * @param target further words that say which service is meant.
 */
export async function runAction(io: Io, target: readonly string[] = []): Promise<number> {
  const { environment } = io;
  const byWebhook = input(environment, 'url') !== '';
  const code = byWebhook
    ? await reported(fireByWebhook(io), io)
    : await run([...argumentsOf(environment), ...target], io);
  const word = FAILS.get(code);
  const failOn = input(environment, 'fail-on')
    .split(',')
    .map((each) => each.trim());
  return word !== undefined && !failOn.includes(word) ? EXIT.ok : code;
}

/** An input that cannot be used is the job's annotation. */
async function reported(fired: Promise<number>, { environment, stdout }: Io): Promise<number> {
  try {
    return await fired;
  } catch (error) {
    const isInput = error instanceof InputError || error instanceof InvalidArgumentError;
    if (!isInput) throw error;
    stdout.write(workflowCommand('error', input(environment, 'trigger'), error.message));
    return EXIT.badInput;
  }
}

function argumentsOf(environment: Io['environment']): string[] {
  const stage = input(environment, 'stage');
  const waits = input(environment, 'wait') !== 'false';
  return [
    'fire',
    input(environment, 'trigger'),
    '--id',
    jobId(environment),
    '--report',
    'github',
    ...(waits ? ['--wait', '--timeout', input(environment, 'timeout') || '6h'] : []),
    ...(stage === '' ? [] : ['--stage', stage]),
    ...scenariosIn(environment).flatMap((each) => ['--scenario', each]),
  ];
}
