import { Command } from '@commander-js/extra-typings';
import { type Dashboard, executionPage } from '../../lambda/api/pages.ts';
import type { Firing } from '../../lambda/firing/firing.ts';
import { dashboardOf } from '../views/dashboard.ts';
import { openService } from './connect.ts';
import { formatFiring } from './firing-text.ts';
import { answer, type Session } from './program.ts';

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
    .description('Shows a firing: its attempts, decisions, execution, verdict and what to do.')
    .argument('<firing>', 'its id or short id, or the beginning of one, or last')
    .addHelpText('after', EXAMPLES)
    .action(async (reference) => {
      const { config, firing } = await openService(session);
      answerFiring(session, await firing(reference), dashboardOf(config));
    });
}

export function answerFiring(session: Session, firing: Firing, dashboard: Dashboard): void {
  const link = executionPage(dashboard, firing.runTestId, firing.execution?.id);
  const shown = { link, typed: session.typed };
  const value = { ...firing, ...(link !== undefined && { link }) };
  answer(session, value, (style) => formatFiring(firing, shown, style));
}
