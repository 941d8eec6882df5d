import { Command } from '@commander-js/extra-typings';
import type { JudgeAgainResult } from '../../lambda/follow/judge-again.ts';
import { InputError, type Typed } from '../input-error.ts';
import { sendCommand } from '../target/invoke.ts';
import { openService, personAt } from './connect.ts';
import { exitCodeFor } from './firing-style.ts';
import type { Session } from './program.ts';
import { answerFiring } from './show.ts';

const EXAMPLES = `
For an execution whose calls or evaluations were run again in Future AGI, or
that ended after it was given up. Nothing is started. The exit code is the
verdict's: 0 passed, 1 not.

Examples:
  rtt judge last
  rtt judge 3f2a
`;

/** Changes a firing's result in a local run or a stack. Exit code 2: the verdict stays. `--json` prints the firing. */
export function command(session: Session) {
  return new Command('judge')
    .description('Judges the execution of a firing by what the server tells of it now.')
    .argument('<firing>', 'its id or short id, or the beginning of one, or last')
    .addHelpText('after', EXAMPLES)
    .action(async (reference) => {
      const { io } = session;
      const { target, config, firing: find } = await openService(session);
      const { id } = await find(reference);
      const by = await personAt(target, io);
      const result = await sendCommand(target, { command: 'judge', firing: id, by });
      if (result.kind !== 'judged') throw new InputError((typed) => refusal(id, result, typed));
      const { firing, before = 'without a verdict' } = result;
      io.stderr.write(`Judged again: ${before} before, ${firing.result?.verdict} now.\n`);
      io.exitCode = exitCodeFor(firing);
      answerFiring(session, firing, config);
    });
}

function refusal(
  id: string,
  result: Exclude<JudgeAgainResult, { kind: 'judged' }>,
  typed: Typed,
): string {
  switch (result.kind) {
    case 'not-found':
      return `${id} is not in this ledger any more`;
    case 'not-executed':
      return `${id} is ${result.firing.state}: it has no execution to judge`;
    case 'not-over':
      return `${id} cannot be judged yet: its execution is not over. Check it with ${typed(`show ${id}`)}`;
    case 'unreadable':
      return `${id} was not judged, because its execution cannot be read: ${result.message}. Its verdict stays`;
    case 'changed-meanwhile':
      return `${id} was changed at the same moment: check it with ${typed(`show ${id}`)}`;
  }
}
