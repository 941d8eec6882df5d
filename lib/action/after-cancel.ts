import { isState, STATES } from '../../lambda/firing/states.ts';
import { EXIT, type Io } from '../cli/io.ts';
import { run } from '../cli/run.ts';
import { workflowCommand } from '../report/github.ts';
import { input } from './inputs.ts';

/**
 * What the GitHub Action does after its job was cancelled: says in an annotation what goes on or, with the input `cancel`,
 * cancels it. Resolves with the exit code.
 * @param target further words that say which service is meant.
 */
export async function afterCancel(io: Io, target: readonly string[] = []): Promise<number> {
  const { environment, stdout } = io;
  const trigger = input(environment, 'trigger');
  const told = (text: string) => stdout.write(workflowCommand('warning', trigger, text));
  // What the step has written to GITHUB_STATE.
  const { STATE_firing: firing = '', STATE_verdict: word = '' } = environment;
  if (firing === '') {
    told(`Cancelled before it was known whether it started: npx rtt history ${trigger}`);
    return EXIT.ok;
  }
  if (VERDICTS.has(word) || (isState(word) && STATES[word].phase === 'final')) return EXIT.ok;
  if (input(environment, 'cancel') !== 'true') {
    told(`${firing} goes on. To cancel it: npx rtt cancel ${firing} --reason "job cancelled"`);
    return EXIT.ok;
  }
  const { GITHUB_SERVER_URL = '', GITHUB_REPOSITORY = '', GITHUB_RUN_ID = '' } = environment;
  const job = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  const stage = input(environment, 'stage');
  const words = ['cancel', firing, '--reason', `The job was cancelled: ${job}`];
  const code = await run([...words, ...(stage === '' ? [] : ['--stage', stage]), ...target], io);
  told(code === EXIT.ok ? `${firing} is cancelled too` : `${firing} was not cancelled and goes on`);
  return code;
}

const VERDICTS: ReadonlySet<string> = new Set(['passed', 'failed', 'inconclusive']);
