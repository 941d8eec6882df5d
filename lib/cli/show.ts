import { Command } from '@commander-js/extra-typings';
import type { Firing } from '../../lambda/firing/firing.ts';
import { type Dashboard, executionLink } from '../views/execution-link.ts';
import { firingFacts } from '../views/firing-facts.ts';
import { firingTimeline } from '../views/firing-timeline.ts';
import { nextStep } from '../views/next-step.ts';
import { openService } from './connect.ts';
import { formatNext } from './fire-result.ts';
import { coloredHeadline } from './firing-style.ts';
import { answer, type Session } from './program.ts';
import type { Style } from './style.ts';
import { details, table } from './table.ts';
import { dateTime, oneLine, ownZone } from './text.ts';

const EXAMPLES = `
Examples:
  rtt show last
  rtt show 3f2a
  rtt show nightly-regression:schedule-early:2026-11-24T02:00:00Z --json

The ids are in rtt history, in the log and in every answer to a delivery; the
beginning of one is enough.
`;

/** Reads the ledger of a local run or a stack. Exit code 0 in any case. `--json` prints the firing, with `link`. */
export function command(session: Session) {
  return new Command('show')
    .description('Shows a firing: its attempts, decisions, execution, verdict and what to do.')
    .argument('<firing>', 'its id or short id, or the beginning of one, or last')
    .addHelpText('after', EXAMPLES)
    .action(async (reference) => {
      const { config, firing } = await openService(session);
      answerFiring(session, await firing(reference), config);
    });
}

/** With `--json` the firing as the ledger has it, and the `link` to its execution where there is one. */
export function answerFiring(session: Session, firing: Firing, dashboard: Dashboard): void {
  const link = executionLink(dashboard, firing);
  const shown = { link, typed: session.typed };
  const value = { ...firing, ...(link !== undefined && { link }) };
  answer(session, value, (style) => formatFiring(firing, shown, style));
}

interface Shown {
  readonly link: string | undefined;
  readonly typed: (words: string) => string;
}

/** Everything that the ledger knows of a firing, and what comes next, for a person. */
export function formatFiring(firing: Firing, { link, typed }: Shown, style: Style): string {
  const zone = ownZone();
  const zones = [...new Set([zone, 'UTC'])];
  const times = firingTimeline(firing).map(({ at, what }) => [
    ...zones.map((each) => dateTime(at, each, true)),
    oneLine(what),
  ]);
  const next = nextStep(firing, link);
  return [
    `${coloredHeadline(firing, style)}\n`,
    details([...firingFacts(firing), ['link', link]], style),
    next ? formatNext({ ...next, commands: next.commands.map(typed) }, style) : '',
    `\n${table([...zones, 'WHAT'], times, style)}`,
  ].join('');
}
