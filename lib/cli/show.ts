import { Command } from '@commander-js/extra-typings';
import { type Dashboard, executionPage } from '../../lambda/api/pages.ts';
import type { Firing } from '../../lambda/firing/firing.ts';
import { sendCommand } from '../target/invoke.ts';
import { ledgerOf } from '../target/ledger.ts';
import { dashboardOf } from '../views/dashboard.ts';
import { findFiring } from '../views/firing-reference.ts';
import { connect } from './connect.ts';
import { formatFiring } from './firing-text.ts';
import { answer, type Session, typed } from './program.ts';

const EXAMPLES = `
Examples:
  rtt show last
  rtt show 3f2a
  rtt show nightly-regression:schedule-early:2026-11-24T02:00:00Z --json

The ids are in rtt history, in the log and in every answer to a delivery; the
beginning of one is enough.
`;

export function showCommand(session: Session) {
  return new Command('show')
    .summary('show one firing')
    .description('Shows a firing: its attempts, decisions, execution, verdict and what to do.')
    .argument('<firing>', 'its id or short id, or the beginning of one, or last')
    .addHelpText('after', EXAMPLES)
    .action(async (reference) => {
      const target = await connect(session);
      const config = await sendCommand(target, { command: 'describe' });
      const firing = await findFiring(reference, Object.keys(config.triggers), ledgerOf(target));
      answerFiring(session, firing, dashboardOf(config));
    });
}

/** Prints everything about a firing. */
export function answerFiring(session: Session, firing: Firing, dashboard: Dashboard): void {
  const link = executionPage(dashboard, firing.runTestId, firing.execution?.id);
  const shown = { link, typed: (words: string) => typed(session, words) };
  const value = { ...firing, ...(link !== undefined && { link }) };
  answer(session, value, (style) => formatFiring(firing, shown, style));
}
