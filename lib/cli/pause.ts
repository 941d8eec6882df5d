import { Command } from '@commander-js/extra-typings';
import type { Pause } from '../../lambda/policies/admission-record.ts';
import { InputError } from '../input-error.ts';
import { sendCommand } from '../target/invoke.ts';
import { connect, personAt } from './connect.ts';
import { readUntil, reasonOption } from './option-values.ts';
import { answer, answerDone, type Session } from './program.ts';
import { clockTime, ownZone } from './text.ts';

const PAUSE_EXAMPLES = `
Schedules and deliveries are then recorded as skipped; running executions go
on. The pause lasts, across deployments, until --until or rtt resume.

Examples:
  rtt pause nightly-regression --reason "staging is down" --until 2h
  rtt pause --all --reason "checking the costs"
`;

const RESUME_EXAMPLES = `
Skipped starts are not repeated. The pause of one trigger and the pause of all
triggers are separate: end each by itself.

Examples:
  rtt resume nightly-regression --reason "staging is back"
  rtt resume --all --reason "done"
`;

/** Changes the ledger of a local run or a stack, not the triggers file. `--json` prints the pause. */
export function command(session: Session) {
  return new Command('pause')
    .description('Starts nothing more of a trigger, or of all of them, for the time being.')
    .argument('[trigger]', 'the trigger')
    .option('--all', 'every trigger')
    .addOption(reasonOption('why; each firing that is skipped says so'))
    .option(
      '--until <time>',
      'ends by itself: 2h, 3d, 2026-11-24 or 2026-11-24T08:00:00Z',
      readUntil,
    )
    .addHelpText('after', PAUSE_EXAMPLES)
    .action(async (trigger, { all, reason, until: endOf }) => {
      const { io } = session;
      const who = oneOf(trigger, all, session);
      const end = endOf?.(io.clock.now());
      if (end && end <= io.clock.now()) {
        throw new InputError(`--until is in the past (${end.toISOString()}): nothing was paused`);
      }
      const target = await connect(session);
      const { pause } = await sendCommand(target, {
        command: 'pause',
        ...who,
        by: await personAt(target, io),
        reason,
        ...(end && { until: end.toISOString() }),
      });
      const zone = ownZone();
      const until = end && `until ${clockTime(end, zone)} (${zone})`;
      const lasts = until ?? `until a person resumes it: ${resumeOf(trigger, session)}`;
      answerDone(session, pause, `${trigger ?? 'Every trigger'} is paused ${lasts}`);
    });
}

/**
 * Changes the ledger of a local run or a stack. `--json` prints the pause that is over, or null where there was none:
 * exit code 0 in both cases.
 */
export function resumeCommand(session: Session) {
  return new Command('resume')
    .description('Ends the pause of a trigger, or that of all.')
    .argument('[trigger]', 'the trigger')
    .option('--all', 'every trigger')
    .addOption(reasonOption('why'))
    .addHelpText('after', RESUME_EXAMPLES)
    .action(async (trigger, { all, reason }) => {
      const { io } = session;
      const who = oneOf(trigger, all, session);
      const target = await connect(session);
      const by = await personAt(target, io);
      const { pause } = await sendCommand(target, { command: 'resume', ...who, by, reason });
      if (pause) {
        return answerDone(
          session,
          pause,
          `${trigger ?? 'Every trigger'} is resumed (${pausedText(pause)})`,
        );
      }
      const example = session.typed('resume TRIGGER --reason "it works again"');
      const message =
        trigger === undefined
          ? `Not all triggers are paused; this ends the pause of one: ${example}\n`
          : `${trigger} is not paused\n`;
      answer(session, null, () => message);
    });
}

/** All triggers only with --all: leaving out the name must not pause everything. */
function oneOf(trigger: string | undefined, all: true | undefined, session: Session) {
  if (trigger !== undefined && !all) return { trigger };
  if (trigger === undefined && all) return {};
  const triggers = session.typed('next');
  throw new InputError(`Name one trigger (${triggers} lists them), or all of them with --all`);
}

/** By whom, since when and why. */
export function pausedText({ by, at, until, reason }: Pause): string {
  return `paused by ${by} since ${at}${until === undefined ? '' : ` until ${until}`}: ${reason}`;
}

/** The command that ends the pause of a trigger or, without one, that of all. */
export function resumeOf(trigger: string | undefined, { typed }: Session): string {
  return typed(`resume ${trigger ?? '--all'} --reason "it works again"`);
}
