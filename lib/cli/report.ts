import { writeFileSync } from 'node:fs';
import { Command } from '@commander-js/extra-typings';
import { htmlReport } from '../report/html-report.ts';
import { reportedTriggers } from '../report/reported-triggers.ts';
import { firingsOf } from '../views/newest-firings.ts';
import { openService } from './connect.ts';
import { sinceOption } from './option-values.ts';
import { answerDone, type Session } from './program.ts';
import { READING, withSpinner } from './progress.ts';
import { ownZone, shellWord } from './text.ts';

const EXAMPLES = `
Examples:
  rtt report --html report.html
  rtt report nightly-regression --since 90d --html report.html
`;

/** Reads the ledger of a local run or a stack, overwrites the file. `--json` prints `{ file, firings }`, their number. */
export function command(session: Session) {
  return new Command('report')
    .description('Writes one page with charts, the table of runs and the spend of each trigger.')
    .argument('[trigger]', 'this trigger only')
    .requiredOption('--html <file>', 'the file to write')
    .addOption(sinceOption())
    .addHelpText('after', EXAMPLES)
    .action(async (trigger, { html: file, since }) => {
      const { ledger, named } = await openService(session);
      const to = session.io.clock.now();
      const from = since(to);
      const names = named(trigger);
      const shorter = `report --since 1d --html ${shellWord(file)}`;
      const read = reportedTriggers(names, firingsOf(trigger, { from }, ledger), shorter);
      const reported = await withSpinner(session.io, READING, read);
      writeFileSync(file, htmlReport(reported, { from, to, zone: ownZone() }));
      const firings = reported.reduce((sum, each) => sum + each.firings.length, 0);
      answerDone(session, { file, firings }, `${file} has ${firings} firings`);
    });
}
