import { writeFileSync } from 'node:fs';
import { Command } from '@commander-js/extra-typings';
import { atOnce } from '../../lambda/runtime/at-once.ts';
import { htmlReport } from '../report/html-report.ts';
import { openService } from './connect.ts';
import { sinceOption } from './option-values.ts';
import { answerDone, type Session } from './program.ts';
import { ownZone } from './text.ts';

const EXAMPLES = `
Examples:
  rtt report --html report.html
  rtt report nightly-regression --since 90d --html report.html
`;

export function reportCommand(session: Session) {
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
      const reported = await atOnce(named(trigger), async (name) => ({
        trigger: name,
        firings: await Array.fromAsync(ledger.ofTrigger(name, from)),
      }));
      writeFileSync(file, htmlReport(reported, { from, to, zone: ownZone() }));
      const firings = reported.reduce((sum, each) => sum + each.firings.length, 0);
      answerDone(session, { file, firings }, `${file} has ${firings} firings`);
    });
}
