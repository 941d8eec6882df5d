import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import * as z from 'zod';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import { readRecordsOf } from '../../lambda/policies/admission-record.ts';
import { pauseIn } from '../../lambda/policies/pause.ts';
import { firstOf } from '../../lambda/runtime/first-of.ts';
import { occurrences } from '../../lambda/schedule/occurrences.ts';
import { findRun } from '../local/files/run-file.ts';
import { sendCommand } from '../target/invoke.ts';
import { ledgerOf } from '../target/ledger.ts';
import { localTarget } from '../target/local-target.ts';
import type { Target } from '../target/target.ts';
import { connect } from './connect.ts';
import { wholeNumber } from './option-values.ts';
import { pausedText, resumeOf } from './pause.ts';
import { answer, type Session } from './program.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';
import { clockTime, dateTime } from './text.ts';
import { namedTriggers, readTriggersFile } from './triggers-file.ts';

const EXAMPLES = `
Examples:
  rtt next
  rtt next nightly-regression --count 3
  rtt next --stage staging           what is deployed there
  rtt next --from 2027-03-27T00:00:00Z    around a change of the clocks

A rate without start counts from its deployment, which the file does not know:
its times are those of a deployment at --from. Pauses are those of the target
or, where none is named, of the local run of this folder.
`;

/**
 * Reads the triggers file and, if one runs, the pauses of its local run; where an option names a target, what is
 * deployed there. `--json` prints an array of times, each with the pause of its trigger, or of all, that is still on then.
 */
export function command(session: Session) {
  return new Command('next')
    .description(
      'Shows when the schedules of the triggers file, or of a target, fire next, and what is paused.',
    )
    .argument('[trigger]', 'this trigger only')
    .option('-c, --count <n>', 'how many', wholeNumber(1, 1_000), 10)
    .option(
      '--from <time>',
      'from this moment on, as 2027-03-28T00:00:00Z (default: now)',
      readTime,
    )
    .addHelpText('after', EXAMPLES)
    .action(async (trigger, { count, from = session.io.clock.now() }) => {
      const { triggers, target } = await triggersOf(session);
      const names = namedTriggers(Object.keys(triggers), trigger);
      const times = occurrencesOf(triggers, names, from, count);
      const recordOf = target && (await readRecordsOf(names, ledgerOf(target)));
      const pauseOf = (name: string | undefined, at: Date) =>
        recordOf && pauseIn(recordOf(name), at);
      const paused = times.map((time) => {
        const at = new Date(time.scheduledTime);
        return { ...time, paused: pauseOf(time.trigger, at) ?? pauseOf(undefined, at) };
      });
      answer(session, paused, (style) => {
        const pauses = [undefined, ...names].flatMap((name) => {
          const pause = pauseOf(name, session.io.clock.now());
          if (!pause) return [];
          const what = style('bold', name ?? 'Every trigger');
          return `\n${what} is ${pausedText(pause)}\n  ${resumeOf(name, session)}\n`;
        });
        const list = times.length > 0 ? format(times, style) : nothing(triggers, names, trigger);
        return [list, ...pauses, unscheduled(triggers, trigger)].join('');
      });
    });
}

type Triggers = Readonly<Record<string, Pick<Trigger, 'schedules'>>>;

/** Those that are deployed where a target is named; else those of the file, which a local run may have in use. */
async function triggersOf(session: Session): Promise<{ triggers: Triggers; target?: Target }> {
  const { local, stack, stage, region, profile, stateDir } = session.options();
  const isNamed = [local, stack, stage, region, profile].some((option) => option !== undefined);
  if (isNamed) {
    const target = await connect(session);
    return { ...(await sendCommand(target, { command: 'describe' })), target };
  }
  const { triggers } = readTriggersFile(session);
  const run = await findRun(stateDir);
  return { triggers, ...(run && run !== 'stale' && { target: localTarget(run) }) };
}

function occurrencesOf(triggers: Triggers, names: readonly string[], from: Date, count: number) {
  const all = names.flatMap((trigger) =>
    (triggers[trigger]?.schedules ?? []).flatMap((schedule) =>
      occurrences(schedule, from, from)
        .take(count)
        .map((time) => ({ trigger, schedule: schedule.name, time, timezone: schedule.timezone }))
        .toArray(),
    ),
  );
  return all
    .toSorted((a, b) => a.time.getTime() - b.time.getTime())
    .slice(0, count)
    .map(({ time, ...rest }) => ({
      ...rest,
      scheduledTime: time.toISOString(),
      localTime: dateTime(time, rest.timezone),
    }));
}

function nothing(triggers: Triggers, names: readonly string[], asked: string | undefined): string {
  return names.some((name) => triggers[name]?.schedules.length !== 0)
    ? 'Nothing fires by itself any more: no schedule has a time that lies ahead.\n'
    : `${asked ?? 'No trigger'} has ${asked === undefined ? 'a' : 'no'} schedule: nothing fires by itself.\n`;
}

/** They are triggers as well, to fire or to pause. */
function unscheduled(triggers: Triggers, asked: string | undefined): string {
  const names = Object.keys(triggers).filter((name) => triggers[name]?.schedules.length === 0);
  return asked || names.length === 0 ? '' : `\nWithout a schedule: ${firstOf(names).join(', ')}\n`;
}

function format(times: ReturnType<typeof occurrencesOf>, style: Style): string {
  const rows = times.map(({ trigger, schedule, scheduledTime, timezone }) => {
    const time = new Date(scheduledTime);
    // The year is in the local time.
    const utc = dateTime(time, 'UTC').slice('2027-'.length);
    return [clockTime(time, timezone), timezone, utc, style('bold', trigger), schedule];
  });
  return table(['LOCAL TIME', 'ZONE', 'UTC', 'TRIGGER', 'SCHEDULE'], rows, style);
}

function readTime(text: string): Date {
  if (z.iso.datetime({ offset: true }).safeParse(text).success) return new Date(text);
  throw new InvalidArgumentError(
    'It must be like 2027-03-28T00:00:00Z or 2027-03-28T01:00:00+01:00.',
  );
}
